/** What the form of a deployment holds, everything as it is typed, and what of it is sent. */
import { INABILITIES, METERS, type Meter } from '@cloudfreedom/contracts';
import { changedFields } from '../records/save-record.ts';
import type { ModelDeployment } from './deployment.ts';

/** Prices of a server of one's own that have a field; others of the record stay as they are. */
export const OWN_PRICES = ['uncached_input', 'cache_read', 'cache_write', 'output_text'] as const;
export type OwnPrice = (typeof OWN_PRICES)[number];
type PriceField = `price_${OwnPrice}`;
export const priceField = (meter: OwnPrice): PriceField => `price_${meter}`;

export type DeploymentField =
  | 'name'
  | 'deployment'
  | 'display_name'
  | 'description_en'
  | 'description_de'
  | 'languages'
  | 'provider'
  | 'upstream_model'
  | 'kind'
  | 'region'
  | 'processor'
  | 'priority'
  | 'weight'
  | 'base_url'
  | 'api_version'
  | 'key_name'
  | 'context_tokens'
  | 'output_tokens_max'
  | 'reasoning'
  | 'unsupported'
  | 'first_byte_timeout_ms'
  | 'chunk_timeout_ms'
  | 'only_tenants'
  | PriceField;
export type DeploymentValues = Record<DeploymentField, string>;

const TEXT_FIELDS = [
  'name',
  'deployment',
  'display_name',
  'description_en',
  'description_de',
  'languages',
  'provider',
  'upstream_model',
  'kind',
  'region',
  'processor',
  'base_url',
  'api_version',
  'key_name',
  'reasoning',
] as const;
/** Fields with a whole number, and what an empty one means. */
export const COUNT_FIELDS = {
  priority: { empty: 0, min: 0, max: 1_000 },
  weight: { empty: 1, min: 1, max: 1_000 },
  context_tokens: { empty: null, min: 1, max: 1_000_000_000 },
  output_tokens_max: { empty: null, min: 1, max: 1_000_000_000 },
  first_byte_timeout_ms: { empty: 0, min: 0, max: 3_600_000 },
  chunk_timeout_ms: { empty: 0, min: 0, max: 3_600_000 },
} as const;
export type CountField = keyof typeof COUNT_FIELDS;
const COUNTS = Object.keys(COUNT_FIELDS) as CountField[];

export const listed = (typed: string): string[] => typed.split('\n').filter(Boolean);

function priceValues(prices: ModelDeployment['own_prices']): Record<PriceField, string> {
  const of = (meter: OwnPrice) => prices?.[meter] ?? '';
  return {
    price_uncached_input: of('uncached_input'),
    price_cache_read: of('cache_read'),
    price_cache_write: of('cache_write'),
    price_output_text: of('output_text'),
  };
}

export function deploymentValues(record: ModelDeployment): DeploymentValues {
  const texts = Object.fromEntries(TEXT_FIELDS.map((field) => [field, record[field]])) as Record<
    (typeof TEXT_FIELDS)[number],
    string
  >;
  const counts = Object.fromEntries(COUNTS.map((field) => [field, String(record[field])])) as Record<
    CountField,
    string
  >;
  return {
    ...texts,
    ...counts,
    ...priceValues(record.own_prices),
    unsupported: record.unsupported.toSorted().join('\n'),
    only_tenants: record.only_tenants.toSorted().join('\n'),
  };
}

/** @param name of a model that gets a further deployment; empty: a new model */
export function newDeployment(name: string, title: string): DeploymentValues {
  return {
    name,
    deployment: '',
    display_name: title,
    description_en: '',
    description_de: '',
    languages: '',
    provider: 'custom',
    upstream_model: '',
    kind: 'chat',
    region: 'eu',
    processor: '',
    priority: '',
    weight: '',
    base_url: '',
    api_version: '',
    key_name: '',
    context_tokens: '',
    output_tokens_max: '',
    reasoning: 'none',
    unsupported: '',
    first_byte_timeout_ms: '',
    chunk_timeout_ms: '',
    only_tenants: '',
    ...priceValues(null),
  };
}

export function isSameDeployment(one: ModelDeployment, other: ModelDeployment): boolean {
  return changedFields(deploymentValues(one), deploymentValues(other)).length === 0;
}

/** "0,15" -> "0.15"; undefined: no price in USD. */
export function readUsd(typed: string): string | undefined {
  const text = typed.replace(/[\s$\u00a0\u202f]/g, '').replace(',', '.');
  return /^\d{1,7}(\.\d{1,9})?$/.test(text) ? text : undefined;
}

const countOf = (field: CountField, typed: string) => (typed.trim() === '' ? COUNT_FIELDS[field].empty : Number(typed));

/** null: it has none, so it is not served. */
function pricesOf(opened: ModelDeployment | null, typed: DeploymentValues): Partial<Record<Meter, string>> | null {
  if (typed.provider !== 'custom') return null;
  const named = OWN_PRICES.flatMap((meter) => {
    const usd = readUsd(typed[priceField(meter)]);
    return usd === undefined ? [] : [[meter, usd] as const];
  });
  if (named.length === 0) return null;
  const others = METERS.filter((meter) => !OWN_PRICES.some((own) => own === meter));
  const kept = others.flatMap((meter) => {
    const usd = opened?.own_prices?.[meter];
    return usd === undefined ? [] : [[meter, usd] as const];
  });
  return Object.fromEntries([...named, ...kept]);
}

/** What to send: everything of a new one, else what was changed. Only for values that passed the checks. */
export function deploymentChanges(opened: ModelDeployment | null, typed: DeploymentValues): Record<string, unknown> {
  const name = typed.name.trim();
  const body: Record<string, unknown> = {
    ...Object.fromEntries(TEXT_FIELDS.map((field) => [field, typed[field].trim()])),
    ...Object.fromEntries(COUNTS.map((field) => [field, countOf(field, typed[field])])),
    deployment: typed.deployment.trim() || name,
    display_name: typed.display_name.trim() || name,
    upstream_model: typed.upstream_model.trim() || name,
    unsupported: listed(typed.unsupported).filter((known) => INABILITIES.some((inability) => inability === known)),
    only_tenants: listed(typed.only_tenants),
    own_prices: pricesOf(opened, typed),
    // Means nothing for vectors, but the record has it.
    ...(typed.kind === 'embedding' && typed.output_tokens_max.trim() === '' && { output_tokens_max: 1 }),
  };
  if (!opened) return { ...body, enabled: true };
  const changed = changedFields(deploymentValues(opened), typed);
  const sent = changed.map((field) => (field.startsWith('price_') ? 'own_prices' : field));
  // A provider's own model has the prices of the catalogue.
  if (changed.includes('provider')) sent.push('own_prices');
  return Object.fromEntries(sent.map((field) => [field, body[field]]));
}
