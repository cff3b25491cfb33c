/** OpenAI's Responses API, natively: the request is the client's own, but nothing is kept there. */

import { malformedAnswer } from '../failure.ts';
import { isObject, parseJson, textIn } from '../json.ts';
import type {
  ResponsesAdapter,
  ResponsesAnswer,
  ResponsesCall,
  UpstreamFailure,
  UpstreamRequest,
} from '../provider.ts';
import { translate, UnsupportedField } from '../request-fields.ts';
import { type InputItem, isWebSearch } from '../responses-request.ts';
import { failureOf } from './error.ts';
import { createResponsesReader } from './responses-stream.ts';
import { endOfResponse, outputBytesOf } from './responses-usage.ts';

const ENCRYPTED_REASONING = 'reasoning.encrypted_content';
/** What OpenAI encrypts begins so; what this proxy seals for others does not, and OpenAI refuses it. */
const ENCRYPTED_BY_OPENAI = /^gAAAA/;
/** Tools that the client runs itself: they cost nothing but tokens. */
const CLIENT_TOOLS = ['function', 'custom'];
const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority'];
/** What the proxy acts upon itself, or what would let OpenAI keep something. */
const PROXY_FIELDS = ['previous_response_id', 'store', 'background', 'conversation', 'prompt'];

/** What has no price here, or no bound, would be a way around the budget. */
function checkMetered({ request }: ResponsesCall): void {
  const tier = request.service_tier;
  if (tier !== undefined && tier !== null && !SERVICE_TIERS.includes(tier))
    throw new UnsupportedField('service_tier', `Use one of ${SERVICE_TIERS.join(', ')}.`);
  for (const [index, tool] of (request.tools ?? []).entries()) {
    if (CLIENT_TOOLS.includes(tool.type) || isWebSearch(tool)) continue;
    throw new UnsupportedField(
      `tools[${index}].type`,
      `The tool '${tool.type}' has fees that no budget bounds here; offered are ${CLIENT_TOOLS.join(', ')} and web_search.`,
    );
  }
}

/** How often OpenAI may search; without such a tool the client's own limit means nothing. */
function searchLimit({ request, serverToolCallsMax }: ResponsesCall): { max_tool_calls?: number } {
  if (!request.tools?.some(isWebSearch)) return {};
  return { max_tool_calls: Math.min(request.max_tool_calls ?? serverToolCallsMax, serverToolCallsMax) };
}

/** Nothing was kept at OpenAI, so reasoning can only come back encrypted; without that it says nothing there. */
function isUsable(item: InputItem): boolean {
  return item.type !== 'reasoning' || ENCRYPTED_BY_OPENAI.test(textIn(item.encrypted_content));
}

function buildRequest(call: ResponsesCall) {
  return translate((): UpstreamRequest => {
    checkMetered(call);
    const { request, reasons } = call;
    const kept = Object.fromEntries(Object.entries(request).filter(([field]) => !PROXY_FIELDS.includes(field)));
    const include = new Set([...(request.include ?? []), ...(reasons ? [ENCRYPTED_REASONING] : [])]);
    const body = {
      ...kept,
      model: call.upstreamModel,
      input: call.input.filter(isUsable),
      store: false,
      max_output_tokens: call.outputTokensCap,
      ...searchLimit(call),
      ...(include.size > 0 ? { include: [...include] } : {}),
    };
    return { path: '/responses', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  });
}

function readAnswer(body: string): ResponsesAnswer | { failure: UpstreamFailure } {
  const response = parseJson(body);
  if (!isObject(response)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (response.error !== undefined && response.error !== null) return { failure: failureOf(response.error, 0) };
  if (!Array.isArray(response.output))
    return { failure: malformedAnswer('The provider sent an answer without an output.') };
  return { response, ...endOfResponse(response), outputBytes: outputBytesOf(response) };
}

export const openaiResponses: ResponsesAdapter = {
  buildRequest,
  readAnswer,
  createStreamReader: createResponsesReader,
};
