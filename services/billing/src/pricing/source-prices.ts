/**
 * A third party's price file (LiteLLM's form, as our catalogue's source has it) as price lists: models that answer in chats
 * or embed, without those that ended before a day. USD per token becomes USD per million, exactly.
 */
import type { Meter, ServiceTier } from '@cloudfreedom/contracts';

interface SourceStep {
  above_input_tokens: number;
  prices: Record<string, string>;
}
interface SourceModel {
  provider: string;
  id: string;
  mode: string;
  prices: Record<string, string>;
  tiers?: SourceStep[];
  service_tiers?: Record<string, { prices: Record<string, string>; tiers?: SourceStep[] }>;
  other_costs?: { search_context_cost_per_query?: Record<string, string> };
  deprecation_date?: string;
}
export interface SourceFile {
  header: { upstream: string; copied_from: { repo: string; commit: string; commit_date: string }; caveat: string };
  models: SourceModel[];
}

const MODES = ['chat', 'embedding', 'responses'];
/** Fine-tuned models, and those that speak, sing, move or film by another API. */
const NOT_SERVED = /^ft:|native-audio|-tts|-live|lyria|learnlm|-exp-|gemma|robotics|computer-use|omni/;
const METER_OF: Record<string, Meter> = {
  input: 'uncached_input',
  cache_read: 'cache_read',
  cache_write: 'cache_write',
  cache_write_1h: 'cache_write_1h',
  input_audio: 'input_audio',
  output: 'output_text',
  reasoning_output: 'reasoning',
  output_audio: 'output_audio',
};
const SERVICE_TIER_OF: Record<string, ServiceTier> = { flex: 'flex', priority: 'priority', batches: 'batch' };

/** Move the point six places to the right: "0.0000025" -> "2.5". */
function perMillion(perUnit: string): string {
  const [whole = '0', fraction = ''] = perUnit.split('.');
  const padded = fraction.padEnd(6, '0');
  const left = `${whole}${padded.slice(0, 6)}`.replace(/^0+(?=\d)/, '');
  const right = padded.slice(6).replace(/0+$/, '');
  return right ? `${left}.${right}` : left;
}

function toMeters(prices: Record<string, string>): Partial<Record<Meter, string>> {
  const meters: Partial<Record<Meter, string>> = {};
  for (const [name, price] of Object.entries(prices)) {
    const meter = METER_OF[name];
    if (meter) meters[meter] = perMillion(price);
  }
  return meters;
}

function stepsOf(serviceTier: ServiceTier, base: Partial<Record<Meter, string>>, steps: SourceStep[] = []) {
  const further = steps.map(({ above_input_tokens: aboveInputTokens, prices }) => {
    return { serviceTier, aboveInputTokens, usdPerMillion: toMeters(prices) };
  });
  return [{ serviceTier, aboveInputTokens: 0, usdPerMillion: base }, ...further];
}

function toCatalogueModel(model: SourceModel) {
  const base = toMeters(model.prices);
  const searches = Object.values(model.other_costs?.search_context_cost_per_query ?? {});
  if (searches.length > 0) {
    base.server_tool_call = searches.map(perMillion).reduce((a, b) => (Number(a) >= Number(b) ? a : b));
  }
  const tiers = Object.entries(model.service_tiers ?? {}).flatMap(([name, { prices, tiers: steps }]) => {
    const serviceTier = SERVICE_TIER_OF[name];
    return serviceTier ? stepsOf(serviceTier, toMeters(prices), steps) : [];
  });
  return { provider: model.provider, model: model.id, steps: [...stepsOf('standard', base, model.tiers), ...tiers] };
}

/** @param asOf YYYY-MM-DD: models that ended until then are left out */
export function catalogueOf(source: SourceFile, asOf: string) {
  const models = source.models
    .filter((model) => MODES.includes(model.mode) && !NOT_SERVED.test(model.id))
    .filter((model) => !model.deprecation_date || model.deprecation_date > asOf)
    .map(toCatalogueModel)
    .sort((a, b) => `${a.provider} ${a.model}`.localeCompare(`${b.provider} ${b.model}`, 'en'));
  const { repo, commit, commit_date } = source.header.copied_from;
  return {
    effectiveFrom: new Date(commit_date).toISOString(),
    source: `${source.header.upstream}; by way of ${repo} ${commit}`,
    caveat: source.header.caveat,
    unit: 'USD per million units',
    models,
  };
}
