/**
 * A year of usage, made by Postgres itself: rows into tables of their own, which become the real monthly partitions when
 * they are full (indexes are sorted then, not grown), and totals that are compared with the rows.
 */
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import { prefixOf, type UsageWorld } from './usage-world.ts';

const MONTHS = 12;
/** A row in a hundred was corrected, and its first version doesn't count; one in fifty ended otherwise than whole. */
const FILL = `
  INSERT INTO %TABLE% (tenant_id, settled_at, reservation_id, request_id, attempt, subject_id, api_key_id, cost_centre, model,
    provider, upstream_model, deployment, region, simulated, streamed, period_start, basis, uncached_input, cache_read,
    output_text, price_version_id, eur_per_usd, markup_percent, charge_nano_eur, cost_nano_eur, outcome, finish_reason,
    first_byte_ms, total_ms, superseded_at, product_id, waited_ms)
  SELECT $1, settled_at, gen_random_uuid(), 'req-' || $3::text || '-' || i, 1,
    $5 || lpad(person::text, 10, '0'),
    CASE WHEN person % 5 = 0 THEN $6 || lpad(person::text, 10, '0') END,
    'cc-' || person % $8::int, 'model-' || model, 'openai', 'upstream-' || model, 'deployment-' || model, 'eu', false, true,
    $3::timestamptz, 'exact', units, units / 4, units / 3, 1, 0.86, 12.5, (units * 2250)::bigint, (units * 2000)::bigint,
    CASE WHEN i % 50 = 0 THEN 'upstream_error' ELSE 'completed' END, 'stop', 200, 1500,
    CASE WHEN i % 100 = 1 THEN settled_at + interval '1 minute' END, 'product', 5
  FROM (
    SELECT i, date_trunc('milliseconds', $3::timestamptz + (i::float8 / $2::int) * ($4::timestamptz - $3::timestamptz))
        AS settled_at, person, (person + pick) % $9::int AS model, 100 + (i * 7919) % 4000 AS units
    FROM (
      SELECT i, floor(power(random(), 2) * $7::int)::int AS person, floor(random() * 3)::int AS pick
      FROM generate_series(0, $2::int - 1) AS i
    ) AS drawn
  ) AS made`;

const TOTALS = `
  SELECT u.tenant_id, (u.settled_at AT TIME ZONE p.time_zone)::date AS day, u.subject_id, coalesce(u.api_key_id, ''), u.model,
    u.cost_centre, count(*), sum(coalesce(u.uncached_input, 0) + coalesce(u.cache_read, 0)), sum(coalesce(u.output_text, 0)),
    sum(u.charge_nano_eur), sum(u.cost_nano_eur)
  FROM usage_records u JOIN budget_periods p USING (tenant_id, period_start)
  WHERE u.superseded_at IS NULL AND u.outcome <> 'lost' GROUP BY 1, 2, 3, 4, 5, 6`;

interface Month {
  name: string;
  start: Date;
  end: Date;
}

/** The last twelve calendar months in UTC, the running one too, oldest first. */
function lastMonths(now: Date): Month[] {
  return Array.from({ length: MONTHS }, (_, index) => {
    const at = (plus: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1 + index + plus));
    const start = at(0);
    const name = `usage_records_${start.getUTCFullYear()}_${String(start.getUTCMonth() + 1).padStart(2, '0')}`;
    return { name, start, end: at(1) };
  });
}

/** @returns how long it took, seconds, and the proof that totals are the sums of rows */
export async function fillUsage(
  owner: Pool,
  world: UsageWorld,
  rows: number,
): Promise<{ tookS: number; wrong: number }> {
  const startedAt = performance.now();
  const each = Math.ceil(rows / MONTHS);
  await inTransaction(owner, async (client) => {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off;
      SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'`);
    for (const month of lastMonths(new Date())) {
      process.stderr.write(`${month.name} …\n`);
      await client.query(`INSERT INTO budget_periods VALUES ($1, $2, $3, 'UTC') ON CONFLICT DO NOTHING`, [
        world.tenantId,
        month.start,
        month.end,
      ]);
      // The service made the running month's at its start.
      await client.query(`DROP TABLE IF EXISTS ${month.name}`);
      await client.query(`CREATE TABLE ${month.name} (LIKE usage_records INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
      await client.query(FILL.replace('%TABLE%', month.name), [
        ...[world.tenantId, each, month.start, month.end, prefixOf.person, prefixOf.key],
        ...[world.people, world.costCentres, world.models],
      ]);
      await client.query(
        `ALTER TABLE usage_records ATTACH PARTITION ${month.name} FOR VALUES FROM ('${month.start.toISOString()}') TO ('${month.end.toISOString()}')`,
      );
    }
    process.stderr.write('totals …\n');
    await client.query(`INSERT INTO usage_totals ${TOTALS} ORDER BY 1, 2, 3, 4, 5, 6`);
  });
  const wrong = await inTransaction(owner, async (client) => {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'`);
    await client.query('ANALYZE usage_records, usage_totals');
    const { rows: found } = await client.query<{ wrong: bigint }>(
      `WITH counted AS (${TOTALS}) SELECT (SELECT count(*) FROM (TABLE counted EXCEPT TABLE usage_totals) AS missing)
         + (SELECT count(*) FROM usage_totals) - (SELECT count(*) FROM counted) AS wrong`,
    );
    return Number(found[0]?.wrong);
  });
  return { tookS: (performance.now() - startedAt) / 1000, wrong };
}
