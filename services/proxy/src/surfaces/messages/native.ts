/** Anthropic's form to Anthropic: what the client sent goes out as it came, but for the model, the cap and the thinking in it. */

import { readCount } from '../../providers/anthropic/count-tokens.ts';
import { failureOf } from '../../providers/anthropic/error.ts';
import { finishReasonOf } from '../../providers/anthropic/response.ts';
import { readUsage } from '../../providers/anthropic/usage.ts';
import { bytesOf } from '../../providers/chunk.ts';
import { malformedAnswer } from '../../providers/failure.ts';
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../../providers/json.ts';
import type { UpstreamFailure, UpstreamRequest } from '../../providers/provider.ts';
import { translate as build, UnsupportedField } from '../../providers/request-fields.ts';
import { readServiceTier } from '../../providers/service-tier.ts';
import type { ClientAnswer, CountRequest, Translation, TranslationOrder } from '../surface.ts';
import { readForeignSignature } from './foreign-signature.ts';
import type { AnthropicHeaders } from './headers.ts';
import { NativeStream } from './native-stream.ts';
import type { CountTokensRequest, MessagesRequest, Tool } from './request.ts';
import { isBounded, isServerTool } from './tool-kinds.ts';
import { chargeOf } from './usage.ts';

const THINKING_BUDGET_MIN = 1024;
/** A context of a million tokens has a beta of its own on models that are sold with less. */
const MILLION_CONTEXT = 'context-1m';
const MILLION = 1_000_000;

export function nativeTranslation(
  request: MessagesRequest,
  headers: AnthropicHeaders,
  { deployment }: TranslationOrder,
): Translation {
  const { name, upstreamModel, contextTokens } = deployment.model;
  const publicModel = name === upstreamModel ? null : name;
  return {
    buildRequest: (outputTokensCap, serverToolCallsMax) =>
      build((): UpstreamRequest => {
        checkCounted(request, headers, contextTokens);
        const body = {
          ...request,
          model: upstreamModel,
          max_tokens: outputTokensCap,
          messages: ownMessages(request),
          ...thinkingWithin(request, outputTokensCap),
          ...toolsWithin(request, serverToolCallsMax),
        };
        return upstreamRequest('/v1/messages', headers, body);
      }),
    readAnswer: (text) => readAnswer(text, publicModel),
    createStream: () => new NativeStream(publicModel),
  };
}

/** Counting costs nothing. */
export function nativeCount(
  request: CountTokensRequest,
  headers: AnthropicHeaders,
  upstreamModel: string,
): NonNullable<ReturnType<CountRequest['translate']>> {
  const body = { ...request, model: upstreamModel, messages: ownMessages(request) };
  return {
    buildRequest: () => build(() => upstreamRequest('/v1/messages/count_tokens', headers, body)),
    readCount,
  };
}

function upstreamRequest(path: string, headers: AnthropicHeaders, body: object): UpstreamRequest {
  const beta = headers.beta === null ? {} : { 'anthropic-beta': headers.beta };
  return {
    path,
    headers: { 'content-type': 'application/json', 'anthropic-version': headers.version, ...beta },
    body: JSON.stringify(body),
  };
}

/** What nothing bounds, or what the usage of an answer doesn't count, would be a way around the budget. */
function checkCounted(request: MessagesRequest, headers: AnthropicHeaders, contextTokens: number): void {
  for (const [field, neutral] of [
    ['speed', 'standard'],
    ['inference_geo', 'global'],
    ['fallbacks', null],
    ['container', null],
    ['mcp_servers', null],
  ] as const) {
    const value = request[field];
    if (value === undefined || value === null || value === neutral) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw new UnsupportedField(field, `Nothing bounds or counts what '${field}' with this value costs.`);
  }
  for (const [index, tool] of (request.tools ?? []).entries())
    if (!isBounded(tool))
      throw new UnsupportedField(`tools[${index}].type`, 'Nothing bounds or counts what this tool costs.');
  const management = isObject(request.context_management) ? request.context_management : {};
  for (const [index, edit] of objectsIn(management.edits).entries())
    if (textIn(edit.type).startsWith('compact'))
      throw new UnsupportedField(
        `context_management.edits[${index}].type`,
        "The usage of an answer doesn't count what compaction costs.",
      );
  if (contextTokens < MILLION && headers.beta?.includes(MILLION_CONTEXT))
    throw new UnsupportedField('anthropic-beta', `This model is offered with ${contextTokens} tokens of context here.`);
}

/** A ceiling below what the client asked for leaves the same share to thinking. */
function thinkingWithin({ thinking, max_tokens }: MessagesRequest, cap: number): { thinking?: object } {
  const budget = thinking?.budget_tokens;
  if (!thinking || budget === undefined || cap >= max_tokens) return {};
  const share = Math.floor((budget / max_tokens) * cap);
  return { thinking: { ...thinking, budget_tokens: Math.min(budget, Math.max(THINKING_BUDGET_MIN, share)) } };
}

/** Tools that Anthropic runs share the calls that were reserved for. */
function toolsWithin({ tools }: MessagesRequest, callsMax: number): { tools?: object[] } {
  const count = tools?.filter(isServerTool).length ?? 0;
  if (!tools || count === 0) return {};
  const share = Math.floor(callsMax / count);
  if (share === 0)
    throw new UnsupportedField('tools', `At most ${callsMax} calls of Anthropic's own tools are offered: send fewer.`);
  const usesOf = ({ max_uses }: Tool) => (typeof max_uses === 'number' ? Math.min(max_uses, share) : share);
  return { tools: tools.map((tool) => (isServerTool(tool) ? { ...tool, max_uses: usesOf(tool) } : tool)) };
}

/** Thinking that another provider did in this conversation has no signature that Anthropic could check. */
function ownMessages({ messages }: CountTokensRequest): object[] {
  const isForeign = (block: JsonObject) => block.type === 'thinking' && readForeignSignature(block.signature) !== null;
  return messages.flatMap((message) => {
    const { content } = message;
    if (typeof content === 'string' || !content.some(isForeign)) return [message];
    const own = content.filter((block) => !isForeign(block));
    return own.length > 0 ? [{ ...message, content: own }] : [];
  });
}

function readAnswer(text: string, publicModel: string | null): ClientAnswer | { failure: UpstreamFailure } {
  const message = parseJson(text);
  if (!isObject(message)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (isObject(message.error)) return { failure: failureOf(message.error, 0) };
  if (!Array.isArray(message.content))
    return { failure: malformedAnswer('The provider sent an answer without content.') };
  if (publicModel !== null) message.model = publicModel;
  const usage = isObject(message.usage) ? message.usage : null;
  return {
    meters: usage && readUsage(usage),
    serviceTier: readServiceTier(usage?.service_tier),
    finishReason: finishReasonOf(textIn(message.stop_reason)),
    outputBytes: objectsIn(message.content).reduce((bytes, block) => bytes + blockBytes(block), 0),
    write: (ending) => JSON.stringify({ ...message, usage: { ...usage, ...chargeOf(ending) } }),
  };
}

function blockBytes(block: JsonObject): number {
  const input = block.input === undefined ? '' : JSON.stringify(block.input);
  return bytesOf(textIn(block.text), textIn(block.thinking), input);
}
