/** Failed requests in Postgres: only added to and read; the owner's functions let go of them. */
import type { FailedAttempt, FailureFilter, FailureGroup, FailureReport, FailureRow } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import { conditionsOf } from '../usage/usage.store.ts';

interface Row {
  id: string;
  code: string;
  error_kind: string | null;
  subject_id: string;
  api_key_id: string | null;
  product_id: string | null;
  cost_centre: string;
  model: string | null;
  provider: FailureRow['provider'];
  deployment: string | null;
  requests: bigint;
  first_at: Date;
  last_at: Date;
  request_ids: string[];
  budget: FailureRow['budget'];
  request_limit: FailureRow['limit'];
  attempts: FailedAttempt[];
  total_ms: number;
}
const COLUMNS = `id, code, error_kind, subject_id, api_key_id, product_id, cost_centre, model, provider, deployment, requests,
  first_at, last_at, request_ids, budget, request_limit, attempts, total_ms`;
const GROUPS_MAX = 200;

const toFailure = (row: Row): FailureRow => ({
  id: row.id,
  code: row.code,
  errorKind: row.error_kind,
  subjectId: row.subject_id,
  apiKeyId: row.api_key_id,
  productId: row.product_id,
  costCentre: row.cost_centre,
  model: row.model,
  provider: row.provider,
  deployment: row.deployment,
  requests: Number(row.requests),
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  requestIds: row.request_ids,
  budget: row.budget,
  limit: row.request_limit,
  attempts: row.attempts,
  totalMs: row.total_ms,
});

/** Of people of this tenant who are there; rows that are there already stay. @returns how many are new */
export function addFailures(pool: Pool, tenantId: string, failures: FailureReport[]): Promise<number> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rowCount } = await client.query(
      `INSERT INTO request_failures (tenant_id, id, code, error_kind, subject_id, api_key_id, product_id, cost_centre, model,
         provider, deployment, requests, first_at, last_at, request_ids, budget, request_limit, attempts, total_ms)
       SELECT $1, g.id, g.code, g."errorKind", g."subjectId", g."apiKeyId", nullif(u.record ->> 'productId', ''),
         u.record ->> 'costCentre', g.model, g.provider, g.deployment, g.requests, g."firstAt",
         greatest(g."firstAt", g."lastAt"), g."requestIds", g.budget, g."limit", g.attempts, g."totalMs"
       FROM jsonb_to_recordset($2::jsonb) AS g (id uuid, code text, "errorKind" text, "subjectId" text, "apiKeyId" text,
         model text, provider text, deployment text, requests bigint, "firstAt" timestamptz, "lastAt" timestamptz,
         "requestIds" text[], budget jsonb, "limit" jsonb, attempts jsonb, "totalMs" integer)
       JOIN directory_users u ON u.id = g."subjectId" AND u.tenant_id = $1
       ON CONFLICT DO NOTHING`,
      [tenantId, JSON.stringify(failures)],
    );
    return rowCount ?? 0;
  });
}

export interface FailureSelection extends Omit<FailureFilter, 'from' | 'to'> {
  tenantId: string;
  from?: Date | undefined;
  to?: Date | undefined;
}
export interface FailurePlace {
  before: { at: Date; id: string } | null;
  limit: number;
}

const EQUAL = {
  code: 'code',
  subjectId: 'subject_id',
  apiKeyId: 'api_key_id',
  productId: 'product_id',
  costCentre: 'cost_centre',
  model: 'model',
  provider: 'provider',
  deployment: 'deployment',
  errorKind: 'error_kind',
} as const satisfies Partial<Record<keyof FailureSelection, string>>;

function failureConditions(selection: FailureSelection, values: unknown[]): string[] {
  const conditions: string[] = [];
  for (const [field, column] of Object.entries(EQUAL) as [keyof typeof EQUAL, string][])
    if (selection[field] !== undefined) conditions.push(`${column} = $${values.push(selection[field])}`);
  if (selection.requestId !== undefined) conditions.push(`$${values.push(selection.requestId)} = ANY (request_ids)`);
  if (selection.from) conditions.push(`last_at >= $${values.push(selection.from)}`);
  if (selection.to) conditions.push(`first_at < $${values.push(selection.to)}`);
  return conditions;
}

const further = (conditions: readonly string[]) => conditions.map((condition) => `AND ${condition}`).join(' ');

/** Newest first. */
export function readFailures(pool: Pool, selection: FailureSelection & FailurePlace): Promise<FailureRow[]> {
  return inTenantTransaction(pool, selection.tenantId, async (client) => {
    const values: unknown[] = [selection.tenantId, selection.limit];
    const conditions = failureConditions(selection, values);
    if (selection.before) {
      const at = `$${values.push(selection.before.at)}::timestamptz`;
      conditions.push(`(last_at, id) < (${at}, $${values.push(selection.before.id)}::uuid)`);
    }
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM request_failures WHERE tenant_id = $1 ${further(conditions)}
       ORDER BY last_at DESC, id DESC LIMIT $2`,
      values,
    );
    return rows.map(toFailure);
  });
}

type GroupRow = Pick<FailureGroup, 'code' | 'outcome' | 'model' | 'deployment'> & {
  error_kind: string | null;
  requests: bigint;
  people: bigint;
  first_at: Date;
  last_at: Date;
};

/** Failed requests by reason, and where no reason is asked for by its code, answers that broke off and were charged. */
export function readFailureGroups(pool: Pool, selection: FailureSelection): Promise<FailureGroup[]> {
  return inTenantTransaction(pool, selection.tenantId, async (client) => {
    const values: unknown[] = [selection.tenantId];
    const failed = failureConditions(selection, values);
    const { code, ...narrowing } = selection;
    const usage = { ...narrowing, subjectId: narrowing.subjectId ?? null, apiKeyId: narrowing.apiKeyId ?? null };
    const broken = conditionsOf(usage, values);
    const { rows } = await client.query<GroupRow>(
      `SELECT code, NULL AS outcome, error_kind, model, deployment, sum(requests)::bigint AS requests,
         count(DISTINCT subject_id) AS people, min(first_at) AS first_at, max(last_at) AS last_at
       FROM request_failures WHERE tenant_id = $1 ${further(failed)} GROUP BY 1, 3, 4, 5
       UNION ALL
       SELECT NULL, outcome, error_kind, model, deployment, count(*), count(DISTINCT subject_id), min(settled_at), max(settled_at)
       FROM usage_records WHERE tenant_id = $1 ${further(broken)} AND outcome <> 'completed' AND ${code === undefined}
         AND outcome IN ('upstream_error', 'budget_stopped', 'expired') GROUP BY 2, 3, 4, 5
       ORDER BY last_at DESC LIMIT ${GROUPS_MAX}`,
      values,
    );
    return rows.map(({ error_kind, first_at, last_at, requests, people, ...group }) => ({
      ...group,
      errorKind: error_kind,
      requests: Number(requests),
      people: Number(people),
      firstAt: first_at.toISOString(),
      lastAt: last_at.toISOString(),
    }));
  });
}

/** One person's, newest first; as many as are kept. */
export async function* eachFailureOf(
  pool: Pool,
  whose: { tenantId: string; subjectId: string },
): AsyncGenerator<FailureRow> {
  let before: FailurePlace['before'] = null;
  for (;;) {
    const rows: FailureRow[] = await readFailures(pool, { ...whose, before, limit: 1_000 });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < 1_000) return;
    before = { at: new Date(last.lastAt), id: last.id };
  }
}

/** Of all tenants; a tenant that keeps its logs for less gets that. */
export async function forgetFailures(pool: Pool, olderThanDays: number): Promise<void> {
  await pool.query('SELECT forget_failures(make_interval(days => $1))', [olderThanDays]);
}
