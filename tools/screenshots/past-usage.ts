/** Weeks of usage that were, written where billing keeps them: what a stack of an hour's age can't have by itself. */
import { createPool, inTransaction, type Pool } from '@cloudfreedom/service-kit';

export interface Spender {
  subjectId: string;
  productId: string;
  costCentre: string;
  /** How much of the work is theirs. */
  share: number;
  /** Fitting what they do: the first is used most. */
  models: readonly string[];
}

/** Typical of each model: charge in nano-euro and time to the first token, both around which requests scatter. */
const MODELS: Record<string, { provider: string; chargeNanoEur: number; firstByteMs: number }> = {
  'gpt-5.4': { provider: 'openai', chargeNanoEur: 24_000_000, firstByteMs: 620 },
  'gpt-5.4-mini': { provider: 'openai', chargeNanoEur: 4_200_000, firstByteMs: 340 },
  'claude-opus-5': { provider: 'anthropic', chargeNanoEur: 92_000_000, firstByteMs: 1150 },
  'claude-sonnet-5': { provider: 'anthropic', chargeNanoEur: 38_000_000, firstByteMs: 780 },
  'claude-haiku-4-5': { provider: 'anthropic', chargeNanoEur: 7_500_000, firstByteMs: 410 },
  'gemini-3.5-flash': { provider: 'gemini', chargeNanoEur: 5_200_000, firstByteMs: 380 },
  'gemini-2.5-pro': { provider: 'gemini', chargeNanoEur: 27_000_000, firstByteMs: 900 },
};

/** The same numbers in every run, so that two runs make the same pictures. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Around 1, as times and charges scatter: often less, now and then much more. */
function scatter(random: () => number): number {
  return Math.exp((random() + random() + random() - 1.5) * 1.1);
}

function outcomeOf(chance: number): string {
  if (chance < 0.014) return 'upstream_error';
  if (chance < 0.044) return 'client_closed';
  return chance < 0.048 ? 'budget_stopped' : 'completed';
}

const DAY_MS = 86_400_000;
const PER_WORKING_DAY = 46;

function requestsOf(spenders: readonly Spender[], days: number, now: number) {
  const random = createRandom(20_261);
  const rows: Record<string, unknown>[] = [];
  for (let back = days; back >= 1; back--) {
    const midnight = Math.floor((now - back * DAY_MS) / DAY_MS) * DAY_MS;
    const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay());
    // More people take to it from week to week.
    const busy = (isWeekend ? 0.12 : 0.75 + 0.4 * random()) * (1 - back / days / 2.4);
    for (const spender of spenders) {
      const count = Math.round(PER_WORKING_DAY * busy * spender.share * (0.6 + 0.8 * random()));
      for (let nth = 0; nth < count; nth++) {
        const name = spender.models[Math.floor(random() ** 1.7 * spender.models.length)] ?? 'gpt-5.4-mini';
        const model = MODELS[name];
        if (!model) throw new Error(`no figures for ${name}`);
        const size = scatter(random);
        const charge = Math.round(model.chargeNanoEur * size);
        const firstByteMs = Math.round(model.firstByteMs * scatter(random));
        const outcome = outcomeOf(random());
        rows.push({
          settled_at: new Date(midnight + (7 + 10 * ((random() + random()) / 2)) * 3_600_000).toISOString(),
          request_id: `req_${Math.floor(random() * 2 ** 48).toString(36)}${nth}`,
          subject_id: spender.subjectId,
          product_id: spender.productId,
          cost_centre: spender.costCentre,
          model: name,
          provider: model.provider,
          basis: outcome === 'completed' ? 'exact' : 'estimated',
          uncached_input: Math.round(420 * size),
          cache_read: random() < 0.4 ? Math.round(1_900 * size) : 0,
          output_text: Math.round(310 * size),
          charge_nano_eur: charge,
          outcome,
          finish_reason: outcome === 'completed' ? 'stop' : null,
          first_byte_ms: firstByteMs,
          total_ms: firstByteMs + Math.round(2_600 * size),
        });
      }
    }
  }
  return rows;
}

const INSERT = `
  INSERT INTO usage_records (tenant_id, settled_at, reservation_id, request_id, attempt, subject_id, product_id,
    cost_centre, model, provider, upstream_model, simulated, streamed, period_start, basis, uncached_input, cache_read, output_text,
    price_version_id, eur_per_usd, markup_percent, charge_nano_eur, cost_nano_eur, outcome, finish_reason,
    first_byte_ms, total_ms)
  SELECT $1, r.settled_at, gen_random_uuid(), r.request_id, 1, r.subject_id, r.product_id,
    r.cost_centre, r.model, r.provider, r.model, true, true, p.period_start, r.basis, r.uncached_input, r.cache_read, r.output_text,
    (SELECT max(v.id) FROM price_versions v WHERE v.provider = r.provider), 0.86, 0, r.charge_nano_eur,
    r.charge_nano_eur, r.outcome, r.finish_reason, r.first_byte_ms, r.total_ms
  FROM jsonb_to_recordset($2::jsonb) AS r (settled_at timestamptz, request_id text, subject_id text, cost_centre text,
    product_id text, model text, provider text, basis text, uncached_input bigint, cache_read bigint,
    output_text bigint, charge_nano_eur bigint, outcome text, finish_reason text, first_byte_ms int, total_ms int)
  JOIN budget_periods p ON p.tenant_id = $1 AND p.period_start <= r.settled_at AND r.settled_at < p.period_end`;

/** What was spent stands in the budgets of then as well, as entries: posted is the sum of entries here too. */
const POST = `
  WITH spent AS (
    SELECT period_start, level, owner_id, sum(charge_nano_eur)::bigint AS amount FROM usage_records,
      LATERAL (VALUES ('tenant', tenant_id), ('user', subject_id)) AS levels (level, owner_id)
    WHERE tenant_id = $1 AND superseded_at IS NULL AND request_id LIKE 'req\\_%' GROUP BY 1, 2, 3
  ), balances AS (
    INSERT INTO budget_balances AS b (tenant_id, level, owner_id, period_start, posted_nano_eur)
    SELECT $1, level, owner_id, period_start, amount FROM spent
    ON CONFLICT (tenant_id, level, owner_id, period_start)
      DO UPDATE SET posted_nano_eur = b.posted_nano_eur + EXCLUDED.posted_nano_eur
  )
  SELECT * FROM spent`;

/** @param ownerUrl of billing's database; @returns how many requests were written */
export async function writePastUsage(
  ownerUrl: string,
  past: { tenantId: string; spenders: readonly Spender[]; days: number },
): Promise<number> {
  const pool: Pool = createPool(ownerUrl, { max: 1, applicationName: 'screenshots' });
  try {
    return await inTransaction(pool, async (client) => {
      const rows = requestsOf(past.spenders, past.days, Date.now());
      await client.query(
        `INSERT INTO budget_periods (tenant_id, period_start, period_end, time_zone)
         SELECT DISTINCT $1, m.period_start, m.period_end, m.time_zone
         FROM generate_series(now() - make_interval(days => $2), now(), '1 day') AS day (at),
           calendar_month(day.at, 'Europe/Berlin') AS m ON CONFLICT DO NOTHING`,
        [past.tenantId, past.days],
      );
      await client.query(INSERT, [past.tenantId, JSON.stringify(rows)]);
      const { rows: spent } = await client.query(POST, [past.tenantId]);
      await client.query(
        `INSERT INTO entries (tenant_id, level, owner_id, period_start, kind, amount_nano_eur, reason, author, created_at)
         SELECT $1, r.level, r.owner_id, r.period_start, 'correction', r.amount, 'demo data', 'npm run screenshots', now()
         FROM jsonb_to_recordset($2::jsonb) AS r (level text, owner_id text, period_start timestamptz, amount bigint)`,
        [past.tenantId, JSON.stringify(spent, (_, value) => (typeof value === 'bigint' ? String(value) : value))],
      );
      return rows.length;
    });
  } finally {
    await pool.end();
  }
}
