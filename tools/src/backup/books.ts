/** Billing's books in a copy of the core's Postgres: read, and asked whether they keep the ledger's laws. */
import pg from 'pg';
import { BILLING_DATABASE, DATABASES } from '../stack/databases.ts';
import { loadSecrets } from '../stack/secrets.ts';
import { countRows, type RowCounts, withCluster } from './cluster.ts';
import { partsOf } from './installation.ts';
import { findBrokenLaws } from './ledger-laws.ts';
import type { UsageName } from './pocketbase-copy.ts';

interface Books {
  /** By database. */
  rows: Record<string, RowCounts>;
  brokenLaws: string[];
  /** Rows of billing's log since the copy was begun. */
  booked: UsageName[];
}

async function askBilling(url: string, since: Date): Promise<Pick<Books, 'brokenLaws' | 'booked'>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const brokenLaws = await findBrokenLaws(async (text) => (await client.query(text)).rows);
    const { rows } = await client.query<{ reservation_id: string; settled_at: Date }>(
      'SELECT reservation_id, settled_at FROM usage_records WHERE settled_at >= $1',
      [since],
    );
    const booked = rows.map((row) => ({ reservationId: row.reservation_id, at: row.settled_at.getTime() }));
    return { brokenLaws, booked };
  } finally {
    await client.end();
  }
}

/**
 * Starts the copied Postgres and stops it again.
 * @param folder of an opened backup
 * @throws Error where it doesn't start or a table can't be read
 */
export function readBooks(folder: string, since: Date): Promise<Books> {
  const { core, postgres } = partsOf(folder);
  return withCluster(postgres, loadSecrets(core).postgresPassword, async (server) => {
    const rows: Record<string, RowCounts> = {};
    for (const name of DATABASES) rows[name] = await countRows(server.url(name));
    return { rows, ...(await askBilling(server.url(BILLING_DATABASE), since)) };
  });
}
