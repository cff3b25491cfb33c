/** Price versions as admins read and add them. */
import type { PriceStepInput, PriceVersion, priceQuery } from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { addPriceVersions } from './pricing.store.ts';

type Filter = Omit<z.infer<typeof priceQuery>, 'limit'> & { id?: string; limit: number };

interface Row {
  id: bigint;
  provider: PriceVersion['provider'];
  model: string;
  effective_from: Date;
  current: boolean;
  source: string;
  author: string | null;
  created_at: Date;
  steps: PriceStepInput[];
}

/** By provider and model, newest version first. */
export async function readPriceVersions(pool: Pool | PoolClient, filter: Filter): Promise<PriceVersion[]> {
  const { rows } = await pool.query<Row>(
    `WITH versions AS (
       SELECT *, id IS NOT DISTINCT FROM (
         SELECT c.id FROM price_versions c
         WHERE c.provider = v.provider AND c.model = v.model AND c.effective_from <= now()
         ORDER BY c.effective_from DESC LIMIT 1
       ) AS current FROM price_versions v
       WHERE ($1::text IS NULL OR provider = $1) AND ($2::text IS NULL OR strpos(lower(model), lower($2)) > 0)
         AND ($3::bigint IS NULL OR id = $3)
     )
     SELECT versions.*, (
       SELECT jsonb_agg(jsonb_build_object('serviceTier', service_tier, 'aboveInputTokens', above_input_tokens,
         'usdPerMillion', meters) ORDER BY service_tier <> 'standard', service_tier, above_input_tokens)
       FROM (
         SELECT service_tier, above_input_tokens, jsonb_object_agg(meter, usd_per_million::text) AS meters
         FROM prices WHERE price_version_id = versions.id GROUP BY service_tier, above_input_tokens
       ) AS step
     ) AS steps
     FROM versions WHERE current OR $4 ORDER BY provider, model, effective_from DESC LIMIT $5`,
    [filter.provider ?? null, filter.model ?? null, filter.id ?? null, filter.versions === 'all', filter.limit],
  );
  return rows.map((row) => ({
    id: String(row.id),
    provider: row.provider,
    model: row.model,
    effectiveFrom: row.effective_from.toISOString(),
    current: row.current,
    source: row.source,
    author: row.author,
    createdAt: row.created_at.toISOString(),
    steps: row.steps ?? [],
  }));
}

/** Since when versions count and where they are from, by their id. */
export async function readVersionOrigins(
  pool: Pool,
  ids: bigint[],
): Promise<Map<bigint, { effectiveFrom: string; source: string }>> {
  const { rows } = await pool.query<{ id: bigint; effective_from: Date; source: string }>(
    'SELECT id, effective_from, source FROM price_versions WHERE id = ANY ($1::bigint[])',
    [ids.map(String)],
  );
  return new Map(rows.map((row) => [row.id, { effectiveFrom: row.effective_from.toISOString(), source: row.source }]));
}

interface AddedVersion {
  id: string;
  effectiveFrom: string;
  /** What was in effect at that moment until then. */
  before: Pick<PriceVersion, 'steps'> | undefined;
}

/**
 * @param also done in the same transaction, after it
 * @returns the id of the version; null: there is one of this moment already
 */
export function addPriceVersion(
  pool: Pool,
  version: {
    provider: string;
    model: string;
    effectiveFrom?: string | undefined;
    source: string;
    author: string | null;
    steps: PriceStepInput[];
  },
  also: (client: PoolClient, added: AddedVersion) => Promise<void>,
): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const { provider, model, steps, source, author } = version;
    // Cut to milliseconds, as it goes out.
    const effectiveFrom = (version.effectiveFrom ? new Date(version.effectiveFrom) : new Date()).toISOString();
    const added = await addPriceVersions(client, {
      effectiveFrom,
      source,
      author,
      models: [{ provider, model, steps }],
    });
    if (added === 0) return null;
    const { rows } = await client.query<{ id: bigint }>(
      `SELECT id FROM price_versions WHERE provider = $1 AND model = $2 AND effective_from <= $3
       ORDER BY effective_from DESC LIMIT 2`,
      [provider, model, effectiveFrom],
    );
    const [id, earlier] = rows.map((row) => String(row.id));
    if (!id) throw new Error('the price version was not written');
    const [before] = earlier ? await readPriceVersions(client, { id: earlier, versions: 'all', limit: 1 }) : [];
    await also(client, { id, effectiveFrom, before });
    return id;
  });
}
