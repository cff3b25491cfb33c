/**
 * A year of usage, made by Postgres itself: rows into tables of their own, which become the real monthly partitions when
 * they are full (indexes are sorted then, not grown). Totals are kept by the database's own trigger and compared with the rows.
 */
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import { prefixOf, type UsageWorld } from './usage-world.ts';

const MONTHS = 12;
/** One in fifty ended otherwise than whole. */
const FILL = `
  INSERT INTO %TABLE% (tenant_id, settled_at, reservation_id, request_id, attempt, subject_id, api_key_id, cost_centre, model,
    provider, upstream_model, deployment, region, simulated, streamed, period_start, basis, uncached_input, cache_read,
    output_text, price_version_id, eur_per_usd, markup_percent, charge_nano_eur, cost_nano_eur, outcome, finish_reason,
    first_byte_ms, total_ms, product_id, waited_ms)
  SELECT $1, settled_at, gen_random_uuid(), 'req-' || $3::text || '-' || i, 1,
    $5 || lpad(person::text, 10, '0'),
    CASE WHEN person % 5 = 0 THEN $6 || lpad(person::text, 10, '0') END,
    'cc-' || person % $8::int, 'model-' || model, 'openai', 'upstream-' || model, 'deployment-' || model, 'eu', false, true,
    $3::timestamptz, 'exact', units, units / 4, units / 3, 1, 0.86, 12.5, (units * 2250)::bigint, (units * 2000)::bigint,
    CASE WHEN i % 50 = 0 THEN 'upstream_error' ELSE 'completed' END, 'stop', 200, 1500,
    $10 || lpad((person % $11::int)::text, 10, '0'), 5
  FROM (
    SELECT i, date_trunc('milliseconds', $3::timestamptz + (i::float8 / $2::int) * ($4::timestamptz - $3::timestamptz))
        AS settled_at, person, (person + pick) % $9::int AS model, 100 + ((i::bigint * 7919) % 4000)::int AS units
    FROM (
      SELECT i, floor(power(random(), 2) * $7::int)::int AS person, floor(random() * 3)::int AS pick
      FROM generate_series(0, $2::int - 1) AS i
    ) AS drawn
  ) AS made`;

/** A row in a hundred was corrected: its first version doesn't count any more. */
const CORRECT = `UPDATE %TABLE% SET superseded_at = settled_at + interval '1 minute' WHERE right(request_id, 2) = '01'`;

/** Days on which the totals are not the sums of the rows. */
const WRONG_DAYS = `
  WITH counted AS (
    SELECT settled_at::date AS day, count(*) AS requests, sum(charge_nano_eur) AS charge, sum(cost_nano_eur) AS cost
    FROM usage_records WHERE superseded_at IS NULL GROUP BY 1
  ), by_person AS (
    SELECT day, sum(requests) AS requests, sum(charge_nano_eur) AS charge, sum(cost_nano_eur) AS cost
    FROM usage_totals GROUP BY 1
  ), by_day AS (
    SELECT day, sum(requests) AS requests, sum(charge_nano_eur) AS charge, sum(cost_nano_eur) AS cost
    FROM usage_days GROUP BY 1
  )
  SELECT count(*) AS wrong FROM counted FULL JOIN by_person USING (day) FULL JOIN by_day USING (day)
  WHERE (counted.requests, counted.charge, counted.cost)
      IS DISTINCT FROM (by_person.requests, by_person.charge, by_person.cost)
    OR (counted.requests, counted.charge, counted.cost) IS DISTINCT FROM (by_day.requests, by_day.charge, by_day.cost)`;

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
      await client.query(`
        CREATE TRIGGER totalled AFTER INSERT ON ${month.name} REFERENCING NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals();
        CREATE TRIGGER taken_back AFTER UPDATE ON ${month.name} REFERENCING NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION change_usage_totals()`);
      await client.query(FILL.replace('%TABLE%', month.name), [
        ...[world.tenantId, each, month.start, month.end, prefixOf.person, prefixOf.key],
        ...[world.people, world.costCentres, world.models, prefixOf.product, world.products],
      ]);
      await client.query(CORRECT.replace('%TABLE%', month.name));
      await client.query(`DROP TRIGGER totalled ON ${month.name}; DROP TRIGGER taken_back ON ${month.name}`);
      await client.query(
        `ALTER TABLE usage_records ATTACH PARTITION ${month.name} FOR VALUES FROM ('${month.start.toISOString()}') TO ('${month.end.toISOString()}')`,
      );
    }
  });
  const client = await owner.connect();
  // As autovacuum does by and by.
  await client.query('SET statement_timeout = 0');
  await client.query('VACUUM (ANALYZE) usage_records, usage_totals, usage_days');
  client.release(true);
  const wrong = await inTransaction(owner, async (client) => {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'`);
    const { rows: found } = await client.query<{ wrong: bigint }>(WRONG_DAYS);
    return Number(found[0]?.wrong);
  });
  return { tookS: (performance.now() - startedAt) / 1000, wrong };
}
