/** Alerts as rows: settings, and which thresholds were told of. */
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

export interface StoredSettings {
  thresholdsPercent: number[];
  webhookUrl: string | null;
  secretVersion: number;
}

async function selectSettings(client: PoolClient, tenantId: string): Promise<StoredSettings | undefined> {
  const { rows } = await client.query<{
    thresholds_percent: number[];
    webhook_url: string | null;
    secret_version: number;
  }>('SELECT thresholds_percent, webhook_url, secret_version FROM alert_settings WHERE tenant_id = $1', [tenantId]);
  const [row] = rows;
  return (
    row && { thresholdsPercent: row.thresholds_percent, webhookUrl: row.webhook_url, secretVersion: row.secret_version }
  );
}

export function readSettings(pool: Pool, tenantId: string): Promise<StoredSettings | undefined> {
  return inTenantTransaction(pool, tenantId, (client) => selectSettings(client, tenantId));
}

/** @param also done in the same transaction, after it, with the settings before */
export function writeSettings(
  pool: Pool,
  tenantId: string,
  settings: Pick<StoredSettings, 'thresholdsPercent' | 'webhookUrl'>,
  rotateSecret: boolean,
  also: (client: PoolClient, earlier: StoredSettings | undefined) => Promise<void>,
): Promise<void> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const earlier = await selectSettings(client, tenantId);
    await client.query(
      `INSERT INTO alert_settings AS s (tenant_id, thresholds_percent, webhook_url) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET thresholds_percent = EXCLUDED.thresholds_percent,
         webhook_url = EXCLUDED.webhook_url, secret_version = s.secret_version + $4`,
      [tenantId, settings.thresholdsPercent, settings.webhookUrl, rotateSecret ? 1 : 0],
    );
    await also(client, earlier);
  });
}

export interface Spent {
  level: 'tenant' | 'user';
  ownerId: string;
  postedNanoEur: bigint;
  allowanceNanoEur: bigint;
}

export interface AlertTurn {
  client: PoolClient;
  period: { start: Date; end: Date; timeZone: string };
  spent: Spent[];
  settings: StoredSettings | undefined;
}

/** The next owners of levels that have spent something in this month, by id. */
export function readSpenders(pool: Pool, tenantId: string, afterId: string, limit: number): Promise<string[]> {
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    const { rows } = await client.query<{ owner_id: string }>(
      `SELECT DISTINCT owner_id FROM budget_balances b JOIN budget_periods p USING (tenant_id, period_start)
       WHERE tenant_id = $1 AND period_start <= $2 AND $2 < period_end AND level IN ('tenant', 'user')
         AND posted_nano_eur > 0 AND owner_id > $3
       ORDER BY owner_id LIMIT $4`,
      [tenantId, now, afterId, limit],
    );
    return rows.map((row) => row.owner_id);
  });
}

/** What is spent in this month at the levels of these owners. */
export function withSpent(
  pool: Pool,
  tenantId: string,
  owners: string[],
  work: (turn: AlertTurn) => Promise<void>,
): Promise<void> {
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    const periods = await client.query<{ period_start: Date; period_end: Date; time_zone: string }>(
      'SELECT period_start, period_end, time_zone FROM budget_periods WHERE tenant_id = $1 AND period_start <= $2 AND $2 < period_end',
      [tenantId, now],
    );
    const [period] = periods.rows;
    if (!period) return;
    const { rows } = await client.query<{
      level: 'tenant' | 'user';
      owner_id: string;
      posted: bigint;
      allowance: bigint;
    }>(
      `SELECT level, owner_id, posted_nano_eur AS posted, allowance_nano_eur AS allowance FROM budget_balances
       WHERE tenant_id = $1 AND period_start = $2 AND level IN ('tenant', 'user') AND posted_nano_eur > 0
         AND owner_id = ANY ($3::text[])`,
      [tenantId, period.period_start, owners],
    );
    const spent = rows.map((row) => ({
      level: row.level,
      ownerId: row.owner_id,
      postedNanoEur: row.posted,
      allowanceNanoEur: row.allowance,
    }));
    const settings = await selectSettings(client, tenantId);
    const when = { start: period.period_start, end: period.period_end, timeZone: period.time_zone };
    await work({ client, period: when, spent, settings });
  });
}

export interface Crossed {
  level: Spent['level'];
  ownerId: string;
  thresholdPercent: number;
}

/** Note what was reached. @returns those that were not noted before */
export async function noteCrossed(
  client: PoolClient,
  tenantId: string,
  periodStart: Date,
  crossed: Crossed[],
): Promise<Crossed[]> {
  if (crossed.length === 0) return [];
  const { rows } = await client.query<{ level: Crossed['level']; owner_id: string; threshold_percent: number }>(
    `INSERT INTO alerts (tenant_id, period_start, level, owner_id, threshold_percent)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::integer[])
     ON CONFLICT DO NOTHING RETURNING level, owner_id, threshold_percent`,
    [
      tenantId,
      periodStart,
      crossed.map(({ level }) => level),
      crossed.map(({ ownerId }) => ownerId),
      crossed.map(({ thresholdPercent }) => thresholdPercent),
    ],
  );
  return rows.map((row) => ({
    level: row.level,
    ownerId: row.owner_id,
    thresholdPercent: row.threshold_percent,
  }));
}

/** Every tenant that is here. */
export async function readTenantIds(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM directory_tenants WHERE NOT deleted ORDER BY id');
  return rows.map(({ id }) => id);
}
