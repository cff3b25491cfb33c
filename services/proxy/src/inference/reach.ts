/** What a request can be charged for beside plain tokens, as billing has to know it before; what has no price is refused. */
import type { Meter, RareMeter, Reach, ServiceTier } from '@cloudfreedom/contracts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { Extras } from '../surfaces/extras.ts';
import type { ModelName } from './media-tokens.ts';

/** Models that search once before every answer, asked or not. */
export function searchesAlways({ api, upstreamModel }: ModelName): boolean {
  return api === 'openai' && /-search-/.test(upstreamModel);
}
/** Models that make images unasked. */
const MAKES_IMAGES = /-image\b/;

function refused(param: string, what: string) {
  return proxyError('unsupported_parameter', { param, message: `This model has no price for ${what}; leave it out.` });
}

/** Anthropic serves at the tier that the account has bought ahead unless it is told not to; the other way is asked for. */
function tierOf({ serviceTier }: Extras, { api }: Deployment, priced: readonly ServiceTier[]) {
  if (serviceTier && !priced.includes(serviceTier.tier))
    throw refused(serviceTier.param, `the service tier ${serviceTier.tier}`);
  return serviceTier?.tier ?? (api === 'anthropic' && priced.includes('priority') ? 'priority' : null);
}

/** What nobody asked for by a field (images of such a model, audio that was sent) costs plain tokens where it has no price. */
function rareMetersOf({ rareMeters }: Extras, model: Deployment['model'], priced: readonly Meter[]): RareMeter[] {
  const counted = new Set<RareMeter>();
  if (MAKES_IMAGES.test(model.upstreamModel) && priced.includes('output_image')) counted.add('output_image');
  for (const { meter, param } of rareMeters) {
    if (priced.includes(meter)) counted.add(meter);
    else if (meter !== 'input_audio') throw refused(param, meter.replaceAll('_', ' '));
  }
  return [...counted];
}

/** How often a model that may search does so is cut at a configured number. */
function serverToolCalls(
  { model, api }: Deployment,
  { serverTools }: Extras,
  priced: readonly Meter[],
  callsMax: number,
) {
  const always = searchesAlways({ api, upstreamModel: model.upstreamModel });
  if (!serverTools && !always) return 0;
  const param = serverTools?.param ?? 'model';
  if (!priced.includes('server_tool_call')) throw refused(param, 'server tools');
  if (always) return 1;
  if (callsMax > 0) return callsMax;
  throw proxyError('unsupported_parameter', {
    param,
    message: 'Server tools are not offered here: nothing bounds what they cost. Ask the administrator.',
  });
}

/**
 * @returns undefined: plain tokens of the standard tier alone
 * @throws ApiError `unsupported_parameter` with the field that asks for what has no price or no bound
 */
export function reachOf(
  extras: Extras,
  deployment: Deployment,
  limits: { serverToolCallsMax: number },
): Reach | undefined {
  const { model } = deployment;
  const priced = model.pricedReach ?? { serviceTiers: [], meters: [] };
  const tier = tierOf(extras, deployment, priced.serviceTiers);
  const rareMeters = rareMetersOf(extras, model, priced.meters);
  const serverToolCallsMax = serverToolCalls(deployment, extras, priced.meters, limits.serverToolCallsMax);
  if (!tier && rareMeters.length === 0 && serverToolCallsMax === 0) return undefined;
  // A provider that has no room in a tier serves the standard one.
  return { serviceTiers: tier ? ['standard', tier] : ['standard'], rareMeters, serverToolCallsMax };
}
