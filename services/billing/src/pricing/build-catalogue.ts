/**
 * Make catalogue/prices.json from a price file of LiteLLM's form: `npm run catalogue -- <file> <date>`; models whose end is before the
 * date (YYYY-MM-DD) are left out. Kept are chat and embedding models of text; USD per token becomes USD per million, exactly.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Meter } from '@cloudfreedom/contracts';

interface SourceModel {
  provider: string;
  id: string;
  mode: string;
  prices: Record<string, string>;
  tiers?: { above_input_tokens: number; prices: Record<string, string> }[];
  other_costs?: { search_context_cost_per_query?: Record<string, string> };
  deprecation_date?: string;
}
interface SourceFile {
  header: { upstream: string; copied_from: { repo: string; commit: string; commit_date: string }; caveat: string };
  models: SourceModel[];
}

const NOT_TEXT_CHAT = /^ft:|audio|-tts|-live|lyria|learnlm|-exp-|gemma|robotics|computer-use|omni|search/;
const METER_OF: Record<string, Meter> = {
  input: 'uncached_input',
  cache_read: 'cache_read',
  cache_write: 'cache_write',
  output: 'output_text',
  reasoning_output: 'reasoning',
};

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

function toCatalogueModel(model: SourceModel) {
  const base = toMeters(model.prices);
  const searches = Object.values(model.other_costs?.search_context_cost_per_query ?? {});
  if (searches.length > 0) {
    base.server_tool_call = searches.map(perMillion).reduce((a, b) => (Number(a) >= Number(b) ? a : b));
  }
  const tiers = (model.tiers ?? []).map((tier) => ({
    aboveInputTokens: tier.above_input_tokens,
    usdPerMillion: toMeters(tier.prices),
  }));
  return {
    provider: model.provider,
    model: model.id,
    tiers: [{ aboveInputTokens: 0, usdPerMillion: base }, ...tiers],
  };
}

function build(source: SourceFile, asOf: string) {
  const models = source.models
    .filter((model) => (model.mode === 'chat' || model.mode === 'embedding') && !NOT_TEXT_CHAT.test(model.id))
    .filter((model) => !model.deprecation_date || model.deprecation_date > asOf)
    .map(toCatalogueModel)
    .sort((a, b) => `${a.provider} ${a.model}`.localeCompare(`${b.provider} ${b.model}`, 'en'));
  const { repo, commit, commit_date } = source.header.copied_from;
  return {
    effectiveFrom: `${commit_date.slice(0, 10)}T00:00:00Z`,
    source: `${source.header.upstream}; by way of ${repo} ${commit}`,
    caveat: source.header.caveat,
    unit: 'USD per million units',
    models,
  };
}

const [file, asOf] = process.argv.slice(2);
if (!file || !/^\d{4}-\d{2}-\d{2}$/.test(asOf ?? '')) {
  process.stderr.write('Usage: npm run catalogue -- <price file> <YYYY-MM-DD>\n');
  process.exit(2);
}
const catalogue = build(JSON.parse(readFileSync(file, 'utf8')) as SourceFile, asOf ?? '');
const target = path.join(import.meta.dirname, '../../catalogue/prices.json');
writeFileSync(target, `${JSON.stringify(catalogue, null, 2)}\n`);
process.stdout.write(`${catalogue.models.length} models written to ${target}\n`);
