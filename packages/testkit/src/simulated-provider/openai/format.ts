/** OpenAI's chat completions, JSON and SSE, as recorded from api.openai.com. */
import type { Answer, Choice } from '../answer.ts';
import type { Prompt } from '../prompt.ts';
import { type AnswerStamp, type ErrorAnswer, type Frame, framePieces, type WireFormat } from '../wire-format.ts';
import { readPrompt } from './request.ts';

const FINISH = { stop: 'stop', stop_sequence: 'stop', length: 'length', tool_calls: 'tool_calls' } as const;

function usageOf({ usage }: Answer) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      audio_tokens: 0,
      ...(usage.cacheWrite > 0 && { cache_write_tokens: usage.cacheWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function callId(stamp: AnswerStamp, choice: number, call: number): string {
  return `call_${stamp.id}${choice}${call}`;
}

function writeAnswer(prompt: Prompt, answer: Answer, stamp: AnswerStamp): string {
  const choices = answer.choices.map((choice, index) => ({
    index,
    message: {
      role: 'assistant',
      content: choice.toolCalls.length > 0 ? null : choice.textPieces.join(''),
      ...(choice.toolCalls.length > 0 && {
        tool_calls: choice.toolCalls.map((call, position) => ({
          id: callId(stamp, index, position),
          type: 'function',
          function: { name: call.name, arguments: call.argumentPieces.join('') },
        })),
      }),
      refusal: null,
      annotations: [],
    },
    logprobs: null,
    finish_reason: FINISH[choice.finish],
  }));
  const completion = {
    id: `chatcmpl-${stamp.id}`,
    object: 'chat.completion',
    created: stamp.createdUnixS,
    model: prompt.model,
    choices,
    usage: usageOf(answer),
    service_tier: 'default',
    system_fingerprint: null,
  };
  return `${JSON.stringify(completion, null, 2)}\n`;
}

interface Delta {
  delta: Record<string, unknown>;
  tokens: number;
}

function deltasOf(choice: Choice, index: number, stamp: AnswerStamp, size: number): Delta[] {
  const calling = choice.toolCalls.length > 0;
  // Reasoning is not shown; the first chunk comes when it is over.
  const first = { role: 'assistant', content: calling ? null : '', refusal: null };
  const deltas: Delta[] = [{ delta: first, tokens: choice.reasoningPieces.length }];
  for (const [position, call] of choice.toolCalls.entries()) {
    const opening = { name: call.name, arguments: '' };
    const id = callId(stamp, index, position);
    const nameTokens = Math.ceil(call.name.length / 4);
    deltas.push({
      delta: { tool_calls: [{ index: position, id, type: 'function', function: opening }] },
      tokens: nameTokens,
    });
    for (const frame of framePieces(call.argumentPieces, size))
      deltas.push({
        delta: { tool_calls: [{ index: position, function: { arguments: frame.text } }] },
        tokens: frame.tokens,
      });
  }
  for (const frame of framePieces(choice.textPieces, size))
    deltas.push({ delta: { content: frame.text }, tokens: frame.tokens });
  return deltas;
}

function writeStream(prompt: Prompt, answer: Answer, stamp: AnswerStamp, tokensPerFrame: number): Frame[] {
  const frames: Frame[] = [];
  const push = (choices: unknown[], tokens: number, usage: object | null) => {
    const chunk = {
      id: `chatcmpl-${stamp.id}`,
      object: 'chat.completion.chunk',
      created: stamp.createdUnixS,
      model: prompt.model,
      service_tier: 'default',
      system_fingerprint: null,
      choices,
      ...(prompt.usageInStream && { usage }),
      // Padding against guessing words by the length of packets, as the real API sends it.
      obfuscation: 'simulated'.slice(0, 1 + (frames.length % 9)),
    };
    frames.push({ text: `data: ${JSON.stringify(chunk)}\n\n`, tokens });
  };
  const deltas = answer.choices.map((choice, index) => deltasOf(choice, index, stamp, tokensPerFrame));
  const longest = Math.max(...deltas.map((list) => list.length));
  // Several choices take turns, as recorded.
  for (let step = 0; step < longest; step++)
    for (const [index, list] of deltas.entries()) {
      const one = list[step];
      if (one) push([{ index, delta: one.delta, logprobs: null, finish_reason: null }], one.tokens, null);
    }
  for (const [index, choice] of answer.choices.entries())
    push([{ index, delta: {}, logprobs: null, finish_reason: FINISH[choice.finish] }], 0, null);
  if (prompt.usageInStream) push([], 0, usageOf(answer));
  frames.push({ text: 'data: [DONE]\n\n', tokens: 0 });
  return frames;
}

const SERVER_ERROR = {
  message:
    'The server had an error processing your request. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if you keep seeing this error.',
  type: 'server_error',
  param: null,
  code: null,
};

function errorOf(status: number, model: string): Record<string, unknown> {
  const invalid = { type: 'invalid_request_error', param: null };
  if (status === 401) return { message: 'Incorrect API key provided.', ...invalid, code: 'invalid_api_key' };
  if (status === 403)
    return { message: `Project does not have access to model \`${model}\``, ...invalid, code: 'model_not_found' };
  if (status === 404)
    return {
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      ...invalid,
      code: 'model_not_found',
    };
  if (status === 429)
    return {
      message: `Rate limit reached for ${model} in organization org-simulated on requests per min (RPM): Limit 3, Used 3, Requested 1.`,
      type: 'requests',
      param: null,
      code: 'rate_limit_exceeded',
    };
  if (status === 503) return { ...SERVER_ERROR, message: 'The engine is currently overloaded, please try again later' };
  if (status >= 500) return SERVER_ERROR;
  return { message: 'Simulated error: the request was refused.', ...invalid, code: null };
}

export const openaiFormat: WireFormat = {
  provider: 'openai',
  tokensPerFrame: 1,
  contentType: { json: 'application/json', stream: 'text/event-stream; charset=utf-8' },
  headers: (stamp) => ({ 'x-request-id': `req_${stamp.id}`, 'openai-version': '2020-10-01' }),
  apiKeyOf: (headers) => /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1],
  keyRefusal: { status: 401 },
  readPrompt: (_url, body) => readPrompt(body),
  writeAnswer,
  writeStream,
  writeStreamError: () => `data: ${JSON.stringify({ error: SERVER_ERROR })}\n\n`,
  writeError(status, { model, retryAfterS, fault }): ErrorAnswer {
    const error = fault
      ? {
          message: fault.message,
          type: 'invalid_request_error',
          param: fault.param || null,
          code: fault.message.startsWith('Missing') ? 'missing_required_parameter' : 'invalid_value',
        }
      : errorOf(status, model);
    const headers: Record<string, string> =
      status === 429 ? { 'retry-after': String(retryAfterS), 'retry-after-ms': String(retryAfterS * 1000) } : {};
    return { headers, body: `${JSON.stringify({ error }, null, 2)}\n` };
  },
};
