/** What may read or write tenants' tables without naming a tenant, and why. Each entry is the beginning of a statement. */

const CREDENTIAL = 'a credential, or the id in it, is looked up to learn whose it is; its hash is unique';
const DIRECTORY = "the copy of PocketBase's directory is compared with it as a whole, one record at a time by its id";
const CLAIM = 'a relay of the platform claims what is due, whoever it belongs to';
const FEED = 'the log of changes has one order for all tenants; what a proxy reads of it is filtered by its tenant';
const SCHEMA = 'what the owner prepares at a start';
const SWEEP = 'a sweep finds what is due and gives away ids and counts; the work on it names the tenant';
const ERASURE = 'people are erased by their subject ids, which are unique among all tenants';

export const ALLOWED: Record<string, string> = {
  'SELECT tenant_id FROM service_tokens WHERE sha256 = $1': CREDENTIAL,
  'SELECT tenant_id FROM directory_api_keys WHERE sha256 = $1': CREDENTIAL,
  'SELECT record FROM directory_users WHERE id = $1': CREDENTIAL,
  'SELECT id, tenant_id AS "tenantId", name, secret_sha256': CREDENTIAL,
  'SELECT max(rev) AS rev FROM directory_hole': DIRECTORY,
  'SELECT id, rev FROM directory_hole': DIRECTORY,
  'UPDATE directory_hole known SET rev = 0': DIRECTORY,
  'SELECT id FROM directory_hole': DIRECTORY,
  'UPDATE directory_hole SET deleted = true': DIRECTORY,
  'SELECT subject_id, tenant_id, erased_at, erased_by FROM erasures': ERASURE,
  'WITH newest AS (SELECT seq, mark FROM directory_events': FEED,
  'SELECT seq FROM directory_events': FEED,
  'SELECT clock.now, period.*': FEED,
  'DELETE FROM directory_events': FEED,
  'UPDATE notices SET claimable_at': CLAIM,
  'UPDATE usage_outbox SET claimable_at': CLAIM,
  'SELECT count(*) AS waiting': CLAIM,
  'DELETE FROM usage_outbox WHERE ctid': 'found by its key, the tenant first, in SQL that `keyed` makes',
  'SELECT 1 FROM pg_roles': SCHEMA,
};

export const ALLOWED_FUNCTIONS: Record<string, string> = {
  tenants_concerned: 'a change of a product concerns every tenant with somebody who has it',
  log_price_event: 'a price concerns every tenant: its event names none',
  erase_failures: ERASURE,
  erase_texts: ERASURE,
  ensure_usage_partition: SCHEMA,
  expired_holds: SWEEP,
  count_open_holds: SWEEP,
  forget_refusals: SWEEP,
  re_ratings_left_behind: SWEEP,
  periods_to_close: SWEEP,
  tenant_totals: "the platform admins' one look across tenants",
};

/** Written by `insertShape` without a tenant. */
export const ALLOWED_SHAPES: Record<string, string> = {
  audit_outbox: "the platform's way to PocketBase's audit log; whose entry it is stands in it",
  directory_: DIRECTORY,
};

/** Put together of names alone. */
export const UNREADABLE: Record<string, string> = {
  'services/billing/src/database/insert-rows.ts':
    'makes the statements of `insertShape` and `changeShape`, read by their columns',
};

/**
 * Unique keys of tenants' tables without the tenant. Each is why the table is one that a database distributed by tenant
 * keeps whole on every node (Citus: a reference table), not in shards.
 */
export const KEYS_WITHOUT_TENANT: Record<string, string> = {
  'directory_api_keys: btree (id)': DIRECTORY,
  'directory_users: btree (id)': DIRECTORY,
  'directory_events: btree (seq)': FEED,
  'erasures: btree (subject_id)': ERASURE,
  'notices: btree (id)': CLAIM,
  'service_tokens: btree (id)': CREDENTIAL,
  'service_tokens: btree (sha256)': CREDENTIAL,
  'oidc_clients: btree (id)': CREDENTIAL,
};
