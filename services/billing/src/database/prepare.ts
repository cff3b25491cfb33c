/** What the owner of the database does at every start: schema, the service's role and its rights, prices, partitions. */
import path from 'node:path';
import { createPool, inTransaction, type Logger, migrate, type PoolClient } from '@cloudfreedom/service-kit';
import { readPriceCatalogue } from '../pricing/catalogue.ts';
import { addRateOfEnvironment } from '../pricing/exchange-rates.store.ts';
import { addPriceVersions } from '../pricing/pricing.store.ts';

const MIGRATIONS = path.join(import.meta.dirname, '../../migrations');

/** Entries are only ever added and read; no table is given to the role whole. */
const GRANTS: Record<string, string> = {
  directory_tenants: 'SELECT, INSERT, UPDATE',
  directory_products: 'SELECT, INSERT, UPDATE',
  directory_users: 'SELECT, INSERT, UPDATE',
  directory_api_keys: 'SELECT, INSERT, UPDATE',
  directory_models: 'SELECT, INSERT, UPDATE',
  directory_events: 'SELECT, DELETE',
  directory_state: 'SELECT, INSERT, UPDATE',
  erasures: 'SELECT, INSERT',
  service_tokens: 'SELECT, INSERT, UPDATE (revoked_at)',
  proxy_reports: 'SELECT, INSERT, UPDATE, DELETE',
  price_versions: 'SELECT, INSERT',
  prices: 'SELECT, INSERT',
  exchange_rates: 'SELECT, INSERT',
  budget_periods: 'SELECT, INSERT, UPDATE (closed_at)',
  budget_balances: 'SELECT, INSERT, UPDATE',
  reservations: 'SELECT, INSERT, UPDATE',
  refusals: 'SELECT, INSERT',
  request_failures: 'SELECT, INSERT',
  re_ratings: 'SELECT, INSERT, UPDATE (totals, cursor_settled_at, cursor_reservation_id, stepped_at, finished_at)',
  entries: 'SELECT, INSERT',
  usage_records: 'SELECT, INSERT, UPDATE (superseded_at)',
  usage_totals: 'SELECT',
  usage_days: 'SELECT',
  usage_first_tokens: 'SELECT',
  usage_outbox: 'SELECT, INSERT, UPDATE, DELETE',
  budget_requests: 'SELECT, INSERT, UPDATE (state, decided_at, decided_by, granted_nano_eur, note)',
  audit_outbox: 'SELECT, INSERT, UPDATE, DELETE',
  notices: 'SELECT, INSERT, UPDATE, DELETE',
  alert_settings: 'SELECT, INSERT, UPDATE',
  alerts: 'SELECT, INSERT',
};
const FUNCTIONS = [
  'ensure_usage_partition',
  'expired_holds',
  'count_open_holds',
  'forget_refusals',
  'price_custom_deployments',
  'periods_to_close',
  're_ratings_left_behind',
  'erase_texts',
  'erase_failures',
  'forget_failures',
  'tenant_totals',
  'tenant_standings',
];

export interface PrepareOptions {
  ownerUrl: string;
  serviceUrl: string;
  eurPerUsd: string;
  logger: Logger;
}

/** Safe to run by several replicas at once, and again at every start. */
export async function prepareDatabase(options: PrepareOptions): Promise<void> {
  await migrate(options.ownerUrl, MIGRATIONS, options.logger);
  const { username, password } = new URL(options.serviceUrl);
  const role = { name: decodeURIComponent(username), password: decodeURIComponent(password) };
  const passwordWorks = await canConnect(options.serviceUrl);
  const pool = createPool(options.ownerUrl, { max: 1, applicationName: 'billing-prepare' });
  try {
    await inTransaction(pool, async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(hashtext('billing prepare'))`);
      await ensureRole(client, role, passwordWorks);
      await grant(client, client.escapeIdentifier(role.name));
      await addPriceVersions(client, readPriceCatalogue());
      await addRateOfEnvironment(client, options.eurPerUsd);
      await client.query(`SELECT ensure_usage_partition(now()), ensure_usage_partition(now() + interval '1 month')`);
    });
  } finally {
    await pool.end();
  }
}

async function canConnect(url: string): Promise<boolean> {
  const pool = createPool(url, { max: 1, applicationName: 'billing-prepare' });
  try {
    await pool.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await pool.end();
  }
}

/** Made if it is missing; its password is set only where it doesn't work, for not every owner may do that. */
async function ensureRole(
  client: PoolClient,
  role: { name: string; password: string },
  passwordWorks: boolean,
): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
  if (found.rowCount !== 0 && passwordWorks) return;
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  const name = client.escapeIdentifier(role.name);
  await client.query(`${verb} ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(role.password)}`);
}

async function grant(client: PoolClient, role: string): Promise<void> {
  await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  for (const [table, rights] of Object.entries(GRANTS)) {
    await client.query(`REVOKE ALL ON ${table} FROM ${role}`);
    await client.query(`GRANT ${rights} ON ${table} TO ${role}`);
  }
  await client.query(`GRANT EXECUTE ON FUNCTION ${FUNCTIONS.join(', ')} TO ${role}`);
}
