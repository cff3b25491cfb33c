import { bytesOf } from '../chunk.ts';
import { annotationsOf } from '../citation.ts';
import { malformedAnswer } from '../failure.ts';
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../json.ts';
import type { Answer, AnswerContext, UpstreamFailure } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { failureOf } from './error.ts';
import { citationsOf, createSearchCount } from './grounding.ts';
import { readUsage } from './usage.ts';

const FINISH_REASONS: Record<string, string> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
};

/** OpenAI's word for Gemini's, which has none for an answer that ends in function calls. */
export function finishReasonOf(finishReason: string, hasCalls: boolean): string {
  const reason = FINISH_REASONS[finishReason] ?? 'stop';
  return reason === 'stop' && hasCalls ? 'tool_calls' : reason;
}

/** The prompt itself was refused: there is no candidate then. */
export function isBlocked(answer: JsonObject): boolean {
  const feedback = isObject(answer.promptFeedback) ? answer.promptFeedback : {};
  return Boolean(textIn(feedback.blockReason) || textIn(feedback.blockReasonMessage));
}

export interface Call {
  id: string;
  name: string;
  args: unknown;
  signature: string;
}

function signatureHolder(signature: string): JsonObject {
  return signature ? { extra_content: { google: { thought_signature: signature } } } : {};
}

/** OpenAI refuses ids of more than 40 characters, and a conversation may go on with one of its models. */
const CALL_ID_RANDOM = 24;

/** Gemini gives most calls no id; OpenAI's clients need one that no other call in the conversation has. */
export function callId(context: AnswerContext, choice: number, call: number): string {
  return `call_${context.completionId.replace(/^chatcmpl-/, '').slice(0, CALL_ID_RANDOM)}_${choice}_${call}`;
}

/** A client that wants one call at a time gets the first; the model asks for the others again when it has its result. */
export function takesCall({ request }: AnswerContext, callsBefore: number): boolean {
  return callsBefore === 0 || request.parallel_tool_calls !== false;
}

export function toolCallOf({ id, name, args, signature }: Call) {
  return {
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args ?? {}) },
    ...signatureHolder(signature),
  };
}

/** What a part says in a message or a delta. Code that the server ran has no place there. */
export interface Reading {
  text: string;
  reasoning: string;
  images: JsonObject[];
  /** Of a part that is no function call. */
  signature: string;
}

export function readPart(part: JsonObject, into: Reading): void {
  if (part.thought === true) into.reasoning += textIn(part.text);
  else into.text += textIn(part.text);
  if (isObject(part.inlineData)) {
    const url = `data:${textIn(part.inlineData.mimeType)};base64,${textIn(part.inlineData.data)}`;
    into.images.push({ type: 'image_url', image_url: { url } });
  }
  if (!isObject(part.functionCall)) into.signature = textIn(part.thoughtSignature) || into.signature;
}

export function partsOf(candidate: JsonObject): JsonObject[] {
  return isObject(candidate.content) ? objectsIn(candidate.content.parts) : [];
}

/** The fields of a message or delta, without those that are empty. */
export function fieldsOf({ text, reasoning, images, signature }: Reading): JsonObject {
  return {
    ...(text ? { content: text } : {}),
    ...(reasoning ? { reasoning_content: reasoning } : {}),
    ...(images.length > 0 ? { images } : {}),
    ...signatureHolder(signature),
  };
}

function choiceOf(candidate: JsonObject, position: number, context: AnswerContext) {
  const index = typeof candidate.index === 'number' ? candidate.index : position;
  const reading: Reading = { text: '', reasoning: '', images: [], signature: '' };
  const calls: Call[] = [];
  for (const part of partsOf(candidate)) {
    readPart(part, reading);
    if (!isObject(part.functionCall) || !takesCall(context, calls.length)) continue;
    const { id, name, args } = part.functionCall;
    const signature = textIn(part.thoughtSignature);
    calls.push({ id: textIn(id) || callId(context, index, calls.length), name: textIn(name), args, signature });
  }
  const toolCalls = calls.map(toolCallOf);
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? null : '',
    refusal: null,
    ...fieldsOf(reading),
    ...annotationsOf(citationsOf(reading.text, candidate.groundingMetadata)),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
  return {
    choice: {
      index,
      message,
      logprobs: null,
      finish_reason: finishReasonOf(textIn(candidate.finishReason), calls.length > 0),
    },
    bytes: bytesOf(reading.text, reading.reasoning, ...toolCalls.map((call) => call.function.arguments)),
  };
}

export function readAnswer(body: string, context: AnswerContext): Answer | { failure: UpstreamFailure } {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (isObject(parsed.error)) return { failure: failureOf(parsed.error, 0) };
  let candidates = objectsIn(parsed.candidates);
  if (candidates.length === 0) {
    if (!isBlocked(parsed)) return { failure: malformedAnswer('The provider sent an answer without a candidate.') };
    candidates = [{ finishReason: 'SAFETY' }];
  }
  const usage = isObject(parsed.usageMetadata) ? parsed.usageMetadata : null;
  const searches = createSearchCount(context.upstreamModel);
  for (const candidate of candidates) searches.note(candidate);
  const read = candidates.map((candidate, position) => choiceOf(candidate, position, context));
  return {
    completion: {
      id: context.completionId,
      object: 'chat.completion',
      created: context.created,
      model: context.publicModel,
      choices: read.map(({ choice }) => choice),
    },
    meters: usage ? readUsage(usage, true, searches.calls) : null,
    serviceTier: readServiceTier(usage?.serviceTier),
    finishReason: read[0]?.choice.finish_reason ?? null,
    outputBytes: read.reduce((bytes, choice) => bytes + choice.bytes, 0),
  };
}
