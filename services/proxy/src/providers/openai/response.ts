import { bytesOf } from '../chunk.ts';
import { malformedAnswer } from '../failure.ts';
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../json.ts';
import type { Answer, AnswerContext, UpstreamFailure } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { failureOf } from './error.ts';
import { readUsage } from './usage.ts';

/** UTF-8 bytes of visible output in a message or a delta. */
export function visibleBytes(message: JsonObject): number {
  let bytes = bytesOf(textIn(message.content), textIn(message.refusal), textIn(message.reasoning_content));
  if (message.tool_calls !== undefined) {
    for (const call of objectsIn(message.tool_calls)) {
      if (isObject(call.function)) bytes += bytesOf(textIn(call.function.arguments));
      if (isObject(call.custom)) bytes += bytesOf(textIn(call.custom.input));
    }
  }
  if (isObject(message.function_call)) bytes += bytesOf(textIn(message.function_call.arguments));
  return bytes;
}

export function readAnswer(body: string, context: AnswerContext): Answer | { failure: UpstreamFailure } {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (parsed.error !== undefined && parsed.error !== null) return { failure: failureOf(parsed.error, 0) };
  const choices = objectsIn(parsed.choices);
  if (choices.length === 0) return { failure: malformedAnswer('The provider sent an answer without a choice.') };
  const { usage, ...completion } = parsed;
  if (context.publicModel !== context.upstreamModel) completion.model = context.publicModel;
  const first = choices.find((choice) => choice.index === 0) ?? choices[0];
  return {
    completion: { ...completion, choices },
    meters: isObject(usage) ? readUsage(usage, context) : null,
    serviceTier: readServiceTier(parsed.service_tier),
    finishReason: typeof first?.finish_reason === 'string' ? first.finish_reason : null,
    outputBytes: choices.reduce((bytes, { message }) => bytes + (isObject(message) ? visibleBytes(message) : 0), 0),
  };
}
