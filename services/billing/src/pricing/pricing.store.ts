/** Prices and exchange rates in Postgres. */
import type { ModelProvider, ModelRecord } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { type PricedModel, type PriceFacts, priceNameOf } from '../ledger/authorize.ts';
import type { PriceList } from './price.ts';

interface PriceRow {
  provider: ModelProvider;
  model: string;
  price_version_id: bigint | null;
  price_list: PriceList;
  eur_per_usd: string | null;
}

const READ_PRICES = `
  SELECT wanted.provider, wanted.model, version.id AS price_version_id, tiers.price_list, rate.eur_per_usd
  FROM (SELECT (SELECT eur_per_usd::text FROM exchange_rates WHERE effective_from <= now()
      ORDER BY effective_from DESC, id DESC LIMIT 1) AS eur_per_usd) AS rate
  LEFT JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS w (provider, model)) AS wanted ON true
  LEFT JOIN LATERAL (
    SELECT id FROM price_versions v
    WHERE v.provider = wanted.provider AND v.model = wanted.model AND v.effective_from <= now()
    ORDER BY v.effective_from DESC LIMIT 1
  ) AS version ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('serviceTier', service_tier, 'aboveInputTokens', above_input_tokens,
      'usdPerMillion', meters) ORDER BY service_tier, above_input_tokens) AS price_list
    FROM (
      SELECT service_tier, above_input_tokens, jsonb_object_agg(meter, usd_per_million::text) AS meters
      FROM prices WHERE price_version_id = version.id GROUP BY service_tier, above_input_tokens
    ) AS step
  ) AS tiers ON true`;

/** The price lists in effect now of these deployments (those that have one), and the exchange rate. */
export async function readPrices(
  client: Pool | PoolClient,
  models: Pick<ModelRecord, 'id' | 'provider' | 'upstreamModel'>[],
): Promise<PriceFacts> {
  const { rows } = await client.query<PriceRow>({
    name: 'read-prices',
    text: READ_PRICES,
    values: [models.map(({ provider }) => provider), models.map(priceNameOf)],
  });
  const prices = rows.flatMap((row): PricedModel[] =>
    row.price_version_id === null
      ? []
      : [
          {
            provider: row.provider,
            upstreamModel: row.model,
            priceVersionId: row.price_version_id,
            priceList: row.price_list,
          },
        ],
  );
  return { prices, eurPerUsd: rows[0]?.eur_per_usd ?? null };
}

export interface VersionsInEffect {
  versions: { provider: ModelProvider; priceName: string; id: bigint }[];
  /** When one of them is followed by another; null: nothing was entered ahead. */
  nextFrom: Date | null;
}

/** As `priceNameOf` names the prices of a deployment. */
const READ_VERSIONS = `
  WITH wanted AS (
    SELECT DISTINCT record ->> 'provider' AS provider,
      CASE record ->> 'provider' WHEN 'custom' THEN id ELSE record ->> 'upstreamModel' END AS price_name
    FROM directory_models WHERE NOT deleted AND name = ANY ($1::text[])
  )
  SELECT provider, price_name, (
    SELECT id FROM price_versions v
    WHERE v.provider = wanted.provider AND v.model = wanted.price_name AND v.effective_from <= now()
    ORDER BY v.effective_from DESC LIMIT 1
  ) AS id, (
    SELECT min(v.effective_from) FROM price_versions v
    WHERE v.provider = wanted.provider AND v.model = wanted.price_name AND v.effective_from > now()
  ) AS next_from
  FROM wanted`;

/** Which price versions the deployments of these public models have now. */
export async function readVersionsInEffect(client: PoolClient, modelNames: string[]): Promise<VersionsInEffect> {
  const { rows } = await client.query<{
    provider: ModelProvider;
    price_name: string;
    id: bigint | null;
    next_from: Date | null;
  }>({ name: 'read-versions', text: READ_VERSIONS, values: [[...new Set(modelNames)]] });
  const ahead = rows.flatMap(({ next_from: at }) => at ?? []).sort((one, other) => one.getTime() - other.getTime());
  return {
    versions: rows.flatMap(({ provider, price_name: priceName, id }) =>
      id === null ? [] : [{ provider, priceName, id }],
    ),
    nextFrom: ahead[0] ?? null,
  };
}

/** The price lists of versions by their id. */
export async function readPriceLists(client: PoolClient, ids: bigint[]): Promise<Map<bigint, PriceList>> {
  const { rows } = await client.query<{ id: bigint; price_list: PriceList }>(
    `SELECT price_version_id AS id, jsonb_agg(jsonb_build_object('serviceTier', service_tier,
       'aboveInputTokens', above_input_tokens, 'usdPerMillion', meters)) AS price_list
     FROM (
       SELECT price_version_id, service_tier, above_input_tokens, jsonb_object_agg(meter, usd_per_million::text) AS meters
       FROM prices WHERE price_version_id = ANY ($1::bigint[]) GROUP BY price_version_id, service_tier, above_input_tokens
     ) AS step GROUP BY price_version_id`,
    [ids.map(String)],
  );
  return new Map(rows.map((row) => [row.id, row.price_list]));
}

export interface NewPriceVersion {
  provider: string;
  model: string;
  steps: PriceList;
}

/** Add price lists that take effect at a moment; where a model has one of that moment, nothing changes. @returns how many prices */
export async function addPriceVersions(
  client: PoolClient,
  list: { effectiveFrom: string; source: string; author?: string | null; models: NewPriceVersion[] },
): Promise<number> {
  const rows = list.models.flatMap(({ provider, model, steps }) =>
    steps.flatMap(({ serviceTier = 'standard', aboveInputTokens, usdPerMillion }) =>
      Object.entries(usdPerMillion).map(([meter, price]) => {
        return { provider, model, serviceTier, aboveInputTokens, meter, price };
      }),
    ),
  );
  const { rowCount } = await client.query(
    `WITH given AS (
       SELECT * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::numeric[], $8::text[])
         AS g (provider, model, above_input_tokens, meter, usd_per_million, service_tier)
     ), added AS (
       INSERT INTO price_versions (provider, model, effective_from, source, author)
       SELECT DISTINCT provider, model, $1::timestamptz, $2, $9 FROM given ON CONFLICT DO NOTHING RETURNING id, provider, model
     )
     INSERT INTO prices (price_version_id, service_tier, above_input_tokens, meter, usd_per_million)
     SELECT added.id, given.service_tier, given.above_input_tokens, given.meter, given.usd_per_million
     FROM given JOIN added USING (provider, model)`,
    [
      list.effectiveFrom,
      list.source,
      rows.map(({ provider }) => provider),
      rows.map(({ model }) => model),
      rows.map(({ aboveInputTokens }) => aboveInputTokens),
      rows.map(({ meter }) => meter),
      rows.map(({ price }) => price),
      rows.map(({ serviceTier }) => serviceTier),
      list.author ?? null,
    ],
  );
  return rowCount ?? 0;
}
