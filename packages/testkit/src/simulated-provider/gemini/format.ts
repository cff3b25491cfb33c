/** Gemini's generateContent, JSON and SSE (lines end in CR LF), as recorded from generativelanguage.googleapis.com. */
import type { Answer, Choice } from '../answer.ts';
import type { Prompt } from '../prompt.ts';
import { countTokens } from '../tokens.ts';
import { type AnswerStamp, type ErrorAnswer, type Frame, framePieces, type WireFormat } from '../wire-format.ts';
import { readPrompt } from './request.ts';

const FINISH = { stop: 'STOP', stop_sequence: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP' } as const;

function usageOf({ usage }: Answer, output: number, reasoning: number) {
  return {
    promptTokenCount: usage.input,
    candidatesTokenCount: output - reasoning,
    totalTokenCount: usage.input + output,
    ...(usage.cacheRead > 0 && {
      cachedContentTokenCount: usage.cacheRead,
      cacheTokensDetails: [{ modality: 'TEXT', tokenCount: usage.cacheRead }],
    }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
  };
}

interface Part {
  part: Record<string, unknown>;
  tokens: number;
  reasoning: number;
}

function partsOf(prompt: Prompt, choice: Choice, size: number): Part[] {
  const parts: Part[] = [];
  let hidden = 0;
  if (prompt.reasoning === 'visible')
    for (const frame of framePieces(choice.reasoningPieces, size))
      parts.push({ part: { text: frame.text, thought: true }, tokens: frame.tokens, reasoning: frame.tokens });
  else hidden = choice.reasoningPieces.length;
  for (const frame of framePieces(choice.textPieces, size))
    parts.push({ part: { text: frame.text }, tokens: frame.tokens, reasoning: 0 });
  for (const call of choice.toolCalls)
    if (call.complete)
      parts.push({
        part: { functionCall: { name: call.name, args: JSON.parse(call.argumentPieces.join('')) } },
        tokens: countTokens(call.name) + call.argumentPieces.length,
        reasoning: 0,
      });
  const [first = { part: { text: '' }, tokens: 0, reasoning: 0 }, ...others] = parts;
  return [{ ...first, tokens: first.tokens + hidden, reasoning: first.reasoning + hidden }, ...others];
}

function tail(prompt: Prompt, stamp: AnswerStamp) {
  return { modelVersion: prompt.model, responseId: stamp.id };
}

function writeAnswer(prompt: Prompt, answer: Answer, stamp: AnswerStamp): string {
  const candidates = answer.choices.map((choice, index) => ({
    content: {
      parts: partsOf(prompt, choice, Number.MAX_SAFE_INTEGER).map(({ part }) => part),
      role: 'model',
    },
    finishReason: FINISH[choice.finish],
    index,
  }));
  const usageMetadata = usageOf(answer, answer.usage.output, answer.usage.reasoning);
  return `${JSON.stringify({ candidates, usageMetadata, ...tail(prompt, stamp) }, null, 2)}\n`;
}

function writeStream(prompt: Prompt, answer: Answer, stamp: AnswerStamp, tokensPerFrame: number): Frame[] {
  const frames: Frame[] = [];
  const lists = answer.choices.map((choice) => partsOf(prompt, choice, tokensPerFrame));
  const longest = Math.max(...lists.map((list) => list.length));
  const lastCandidate = lists.length - 1;
  let output = 0;
  let reasoning = 0;
  for (let step = 0; step < longest; step++)
    for (const [index, list] of lists.entries()) {
      const one = list[step];
      if (!one) continue;
      output += one.tokens;
      reasoning += one.reasoning;
      const choice = answer.choices[index];
      const ends = step === list.length - 1;
      const candidate = {
        content: { parts: [one.part], role: 'model' },
        ...(ends && choice && { finishReason: FINISH[choice.finish] }),
        index,
      };
      // The last frame's numbers are the ones that count; they may have been set from outside.
      const usageMetadata =
        ends && index === lastCandidate
          ? usageOf(answer, answer.usage.output, answer.usage.reasoning)
          : usageOf(answer, output, reasoning);
      const chunk = { candidates: [candidate], usageMetadata, ...tail(prompt, stamp) };
      frames.push({ text: `data: ${JSON.stringify(chunk)}\r\n\r\n`, tokens: one.tokens });
    }
  return frames;
}

const STATUS: Record<number, [status: string, message: string]> = {
  401: ['UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  429: ['RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan and billing details.'],
  499: ['CANCELLED', 'The operation was cancelled.'],
  500: ['INTERNAL', 'An internal error has occurred. Please retry.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'The request timed out. Please try again.'],
};
const API_KEY_INVALID = [
  {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'API_KEY_INVALID',
    domain: 'googleapis.com',
    metadata: { service: 'generativelanguage.googleapis.com' },
  },
];

function errorOf(status: number, model: string, retryAfterS: number) {
  if (status === 404)
    return {
      code: status,
      message: `models/${model} is not found for API version v1beta, or is not supported for generateContent.`,
      status: 'NOT_FOUND',
    };
  const [name, message] = STATUS[status] ?? [
    status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT',
    'Simulated error: the request was refused.',
  ];
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterS}s` };
  return { code: status, message, status: name, ...(status === 429 && { details: [retry] }) };
}

export const geminiFormat: WireFormat = {
  provider: 'gemini',
  tokensPerFrame: 8,
  contentType: { json: 'application/json; charset=UTF-8', stream: 'text/event-stream' },
  headers: () => ({ 'x-gemini-service-tier': 'standard' }),
  apiKeyOf: (headers, url) => headers['x-goog-api-key'] ?? url.searchParams.get('key') ?? undefined,
  // Not a 401, as recorded.
  keyRefusal: { status: 400, fault: { param: 'key', message: 'API key not valid. Please pass a valid API key.' } },
  readPrompt,
  writeAnswer,
  writeCount: (inputTokens) => JSON.stringify({ totalTokens: inputTokens }),
  writeStream,
  // Without `data:` before it, as recorded.
  writeStreamError: () => `${JSON.stringify({ error: errorOf(503, '', 0) }, null, 2)}\n`,
  writeError(status, { model, retryAfterS, fault }): ErrorAnswer {
    const error = fault
      ? {
          code: status,
          message: fault.message,
          status: 'INVALID_ARGUMENT',
          ...(fault.param === 'key' && { details: API_KEY_INVALID }),
        }
      : errorOf(status, model, retryAfterS);
    return { headers: {}, body: `${JSON.stringify({ error }, null, 2)}\n` };
  },
};
