/** A large tenant for the portal: people, keys and audit entries straight into PocketBase's SQLite, usage into billing's Postgres. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { createPool } from '@cloudfreedom/service-kit';
import { startPostgres } from '@cloudfreedom/testkit';
import { fillUsage } from '../../services/billing/bench/usage-rows.ts';
import { prefixOf } from '../../services/billing/bench/usage-world.ts';
import { freePortBase, launch, stopStack, waitUntilReady } from '../test/stack/running-stack.ts';

const PEOPLE_IN_FULL = 100_000;
const ROWS_EACH = 10;
const { values: given } = parseArgs({
  options: { people: { type: 'string' }, keep: { type: 'boolean' }, print: { type: 'boolean' } },
});
/** `--people 2000`: smaller, to see that everything works. */
export const PEOPLE = Number(given.people ?? PEOPLE_IN_FULL);
if (!(PEOPLE > 0 && PEOPLE % 1_000 === 0)) throw new Error('--people: a whole number, a multiple of 1000');
export const USAGE_ROWS = PEOPLE * ROWS_EACH;
const isInFull = PEOPLE === PEOPLE_IN_FULL;
/** Keep the data for another run. */
export const keepsData = given.keep === true;
export const printsOnly = given.print === true || !isInFull;
const BILLING_DATABASE = 'cloudfreedom_billing';
const KEYS_EVERY = 5;
export const KEYS = PEOPLE / KEYS_EVERY;
export const AUDIT_ROWS = PEOPLE * 2;
const TENANTS = 200;
const PRODUCTS = 50;

const NUMBERS = (count: number) =>
  `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${count})`;
const numbered = (prefix: string) => `'${prefix}' || printf('%010d', n)`;
const NOW = `strftime('%Y-%m-%d %H:%M:%fZ')`;
const SURNAMES = ['Krüger', 'Weiß', 'Öztürk', 'Müller', 'Schmidt', 'Nowak', 'Rossi', 'Dubois', 'Jansen', 'Berg'];
const surname = `json_extract('${JSON.stringify(SURNAMES)}', '$[' || (n % ${SURNAMES.length}) || ']')`;

/** While PocketBase is stopped. Billing reads the people when it starts, in its comparison of everything. */
function fillPocketBase(dataDir: string, tenantId: string): void {
  const database = new DatabaseSync(path.join(dataDir, 'pocketbase', 'data.db'));
  const run = (sql: string) => database.exec(sql);
  const { rev } = database.prepare('SELECT rev FROM directory_revision').get() as { rev: number };
  run('BEGIN');
  run(`INSERT INTO products (id, name, monthly_budget_eur, rev, region_rule, created, updated) ${NUMBERS(PRODUCTS)}
    SELECT ${numbered(prefixOf.product)}, 'Plan ' || n, '20', ${rev} + 1 + n, 'any', ${NOW}, ${NOW} FROM numbers`);
  run(`INSERT INTO tenants (id, name, slug, type, status, time_zone, locale, markup_percent, rev, created, updated)
    ${NUMBERS(TENANTS)} SELECT ${numbered('tennt')}, 'Mandant ' || n, 'mandant-' || n, 'dev', 'active', 'Europe/Berlin', 'de', '0',
      ${rev} + 100 + n, ${NOW}, ${NOW} FROM numbers`);
  run(`INSERT INTO users (id, tokenKey, password, email, emailVisibility, verified, name, tenant, product, role, kind, status,
      cost_centre, locale, rev, created, updated) ${NUMBERS(PEOPLE)}
    SELECT ${numbered(prefixOf.person)}, ${numbered('token')}, '', 'person' || n || '@large.example', 1, 1,
      'Person ' || (n * 7919 % ${PEOPLE}) || ' ' || ${surname}, '${tenantId}',
      '${prefixOf.product}' || printf('%010d', n % ${PRODUCTS}), CASE WHEN n % 500 = 0 THEN 'tenant_admin' ELSE 'member' END, 'person',
      CASE WHEN n % 50 = 0 THEN 'suspended' ELSE 'active' END, 'cc-' || (n % 50), 'de', ${rev} + 1000 + n, ${NOW}, ${NOW}
    FROM numbers`);
  run(`INSERT INTO api_keys (id, user, tenant, name, key_hash, prefix, rev, created, updated) ${NUMBERS(KEYS)}
    SELECT 'apkey' || printf('%010d', n * ${KEYS_EVERY}), 'prson' || printf('%010d', n * ${KEYS_EVERY}), '${tenantId}',
      'Key ' || n, printf('%064x', n), 'cf-bench', ${rev} + 200000 + n, ${NOW}, ${NOW} FROM numbers`);
  run(`INSERT INTO audit_logs (id, tenant, actor, actor_role, action, target_collection, target_id, created) ${NUMBERS(AUDIT_ROWS)}
    SELECT ${numbered('audit')}, '${tenantId}', 'prson' || printf('%010d', n % 200 * 500), 'tenant_admin', 'update', 'users',
      'prson' || printf('%010d', n % ${PEOPLE}), strftime('%Y-%m-%d %H:%M:%fZ', 'now', '-' || n || ' minutes') FROM numbers`);
  // The portal speaks the language of whoever signs in, and the lists are described in English.
  run(`UPDATE users SET locale = 'en' WHERE role = 'platform_admin'`);
  run(`UPDATE directory_revision SET rev = ${rev} + 1000000`);
  run('COMMIT');
  run('PRAGMA optimize=0x10002');
  database.close();
}

/** While billing runs: a year of rows, and a balance of this month for everybody. */
async function fillBilling(ownerUrl: string, tenantId: string): Promise<void> {
  const owner = createPool(ownerUrl, { max: 1, applicationName: 'bench-owner' });
  try {
    const world = { tenantId, people: PEOPLE, costCentres: 50, products: PRODUCTS, models: 40 };
    const { wrong } = await fillUsage(owner, world, USAGE_ROWS);
    await owner.query('SET statement_timeout = 0');
    if (wrong !== 0) throw new Error(`on ${wrong} days the totals differ from the rows`);
    await owner.query(
      `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start, posted_nano_eur)
       SELECT tenant_id, 'user', u.id, period_start, 1234567890
       FROM directory_users u JOIN budget_periods p USING (tenant_id)
       WHERE tenant_id = $1 AND p.period_start <= now() AND now() < p.period_end ON CONFLICT DO NOTHING`,
      [tenantId],
    );
    await owner.query('ANALYZE budget_balances, directory_users, directory_api_keys');
  } finally {
    await owner.end();
  }
}

export interface LargeStack {
  adminUrl: string;
  platformAdmin: { email: string; password: string };
  tenantId: string;
  /** From its start to its being ready with all these people. */
  readyInMs: number;
  stop(): Promise<void>;
}

/** Where the data is kept, so that a run that was broken off goes on with it. */
const FOLDER = `/var/tmp/cloudfreedom-bench-portal${isInFull ? '' : `-${PEOPLE}`}`;
/** Each is written when its part of the data is whole. */
const FILLED = { people: path.join(FOLDER, 'people-filled'), usage: path.join(FOLDER, 'usage-filled') };

export function removeLargeData(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

export async function startLargeStack(): Promise<LargeStack> {
  if (!existsSync(FILLED.people)) removeLargeData();
  const dataDir = path.join(FOLDER, 'stack');
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const postgres = await startPostgres({ dataDir: path.join(FOLDER, 'postgres') });
  const env = { DATABASE_URL: postgres.url('postgres'), LOG_LEVEL: 'error' };
  const start = async () => {
    const stack = launch(dataDir, await freePortBase(), env);
    try {
      return { stack, file: await waitUntilReady(stack) };
    } catch (error) {
      await stopStack(stack);
      throw error;
    }
  };
  let running: Awaited<ReturnType<typeof start>> | undefined;
  const stop = async () => {
    if (running) await stopStack(running.stack);
    await postgres.stop();
  };
  try {
    running = await start();
    if (!existsSync(FILLED.people)) {
      await stopStack(running.stack);
      process.stderr.write('people …\n');
      fillPocketBase(dataDir, running.file.tenant.id);
      writeFileSync(FILLED.people, '');
      running = await start();
    }
    const { urls, demo, readyInMs, tenant } = running.file;
    if (!existsSync(FILLED.usage)) {
      process.stderr.write(`ready with all people after ${readyInMs} ms; usage …\n`);
      await fillBilling(postgres.url(BILLING_DATABASE), tenant.id);
      writeFileSync(FILLED.usage, '');
    }
    return { adminUrl: urls.admin ?? '', platformAdmin: demo.platformAdmin, tenantId: tenant.id, readyInMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
