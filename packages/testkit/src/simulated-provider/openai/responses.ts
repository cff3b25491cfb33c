/** OpenAI's Responses API, JSON and SSE, as recorded from api.openai.com with `store: false`. */
import type { Answer, Choice } from '../answer.ts';
import type { Prompt } from '../prompt.ts';
import { type AnswerStamp, type Frame, framePieces, type WireFormat } from '../wire-format.ts';
import { openaiFormat } from './format.ts';
import { readResponsesPrompt } from './responses-request.ts';

type Json = Record<string, unknown>;

function usageOf({ usage }: Answer) {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

function responseOf(prompt: Prompt, stamp: AnswerStamp, fields: Json): Json {
  return {
    id: `resp_${stamp.id}`,
    object: 'response',
    created_at: stamp.createdUnixS,
    status: 'in_progress',
    background: false,
    billing: { payer: 'developer' },
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: prompt.outputTokensCap,
    model: prompt.model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: prompt.reasoning === 'none' ? 'none' : 'medium', summary: null },
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: prompt.json ? 'json_schema' : 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
    ...fields,
  };
}

function endOf(choice: Choice): Json {
  if (choice.finish !== 'length') return { status: 'completed' };
  return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
}

/** One output item, and the pieces in which a stream brings it. */
interface Part {
  begun: Json;
  done: Json;
  kind: 'reasoning' | 'message' | 'function_call';
  pieces: string[];
}

function partsOf(prompt: Prompt, choice: Choice, stamp: AnswerStamp): Part[] {
  const parts: Part[] = [];
  if (choice.reasoningPieces.length > 0) {
    const begun = { id: `rs_${stamp.id}`, type: 'reasoning', encrypted_content: 'gAAAAAsimulated', summary: [] };
    const pieces = prompt.reasoning === 'visible' ? choice.reasoningPieces : [];
    const summary = pieces.length > 0 ? [{ type: 'summary_text', text: pieces.join('') }] : [];
    parts.push({ kind: 'reasoning', begun, done: { ...begun, summary }, pieces });
  }
  if (choice.toolCalls.length === 0) {
    const status = choice.finish === 'length' ? 'incomplete' : 'completed';
    const message = { id: `msg_${stamp.id}`, type: 'message', role: 'assistant' };
    const text = choice.textPieces.join('');
    const content = [{ type: 'output_text', annotations: [], logprobs: [], text }];
    parts.push({
      kind: 'message',
      begun: { ...message, status: 'in_progress', content: [] },
      done: { ...message, status, content },
      pieces: choice.textPieces,
    });
  }
  for (const [index, { name, argumentPieces, complete }] of choice.toolCalls.entries()) {
    const call = { id: `fc_${stamp.id}${index}`, type: 'function_call', call_id: `call_${stamp.id}${index}`, name };
    parts.push({
      kind: 'function_call',
      begun: { ...call, status: 'in_progress', arguments: '' },
      done: { ...call, status: complete ? 'completed' : 'incomplete', arguments: argumentPieces.join('') },
      pieces: argumentPieces,
    });
  }
  return parts;
}

const DELTA = {
  reasoning: { name: 'response.reasoning_summary_text', at: { summary_index: 0 }, whole: 'text' },
  message: { name: 'response.output_text', at: { content_index: 0 }, whole: 'text' },
  function_call: { name: 'response.function_call_arguments', at: {}, whole: 'arguments' },
} as const;

function eventsOf(part: Part, index: number, size: number): { event: Json; tokens: number }[] {
  const { name, at, whole } = DELTA[part.kind];
  const place = { item_id: part.begun.id, output_index: index, ...at };
  const text = part.pieces.join('');
  const logprobs = part.kind === 'message' ? { logprobs: [] } : {};
  const frame = { reasoning: 'response.reasoning_summary_part', message: 'response.content_part', function_call: null };
  const framed = frame[part.kind];
  const empty =
    part.kind === 'message'
      ? { type: 'output_text', annotations: [], logprobs: [], text: '' }
      : { type: 'summary_text', text: '' };
  const inside = [
    ...framePieces(part.pieces, size).map(({ text: delta, tokens }) => ({
      event: { type: `${name}.delta`, ...place, delta, ...logprobs, obfuscation: 'simulated' },
      tokens,
    })),
    { event: { type: `${name}.done`, ...place, [whole]: text, ...logprobs }, tokens: 0 },
  ];
  const silent = part.kind === 'reasoning' && part.pieces.length === 0;
  return [
    { event: { type: 'response.output_item.added', output_index: index, item: part.begun }, tokens: 0 },
    ...(framed && !silent ? [{ event: { type: `${framed}.added`, ...place, part: empty }, tokens: 0 }] : []),
    ...(silent ? [] : inside),
    ...(framed && !silent
      ? [{ event: { type: `${framed}.done`, ...place, part: { ...empty, text } }, tokens: 0 }]
      : []),
    { event: { type: 'response.output_item.done', output_index: index, item: part.done }, tokens: 0 },
  ];
}

function firstChoice({ choices }: Answer): Choice {
  const [choice] = choices;
  if (!choice) throw new Error('an answer without a choice');
  return choice;
}

function writeAnswer(prompt: Prompt, answer: Answer, stamp: AnswerStamp): string {
  const choice = firstChoice(answer);
  const output = partsOf(prompt, choice, stamp).map(({ done }) => done);
  const response = responseOf(prompt, stamp, { ...endOf(choice), output, usage: usageOf(answer) });
  return `${JSON.stringify(response, null, 2)}\n`;
}

function writeStream(prompt: Prompt, answer: Answer, stamp: AnswerStamp, tokensPerFrame: number): Frame[] {
  const choice = firstChoice(answer);
  const parts = partsOf(prompt, choice, stamp);
  const begun = responseOf(prompt, stamp, {});
  const end = endOf(choice);
  const output = parts.map(({ done }) => done);
  const ended = responseOf(prompt, stamp, { ...end, output, usage: usageOf(answer) });
  // Reasoning that isn't shown is over when its item comes.
  const hidden = prompt.reasoning === 'visible' ? 0 : choice.reasoningPieces.length;
  const events = [
    { event: { type: 'response.created', response: begun }, tokens: 0 },
    { event: { type: 'response.in_progress', response: begun }, tokens: hidden },
    ...parts.flatMap((part, index) => eventsOf(part, index, tokensPerFrame)),
    { event: { type: `response.${end.status}`, response: ended }, tokens: 0 },
  ];
  return events.map(({ event, tokens }, index) => {
    const { type, ...rest } = event as Json;
    return {
      text: `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...rest })}\n\n`,
      tokens,
    };
  });
}

const SERVER_ERROR = {
  type: 'server_error',
  code: 'server_error',
  message: 'The server had an error processing your request. Sorry about that!',
  param: null,
};

export const openaiResponses: WireFormat = {
  ...openaiFormat,
  readPrompt: (_url, body) => readResponsesPrompt(body),
  writeAnswer,
  writeStream,
  writeStreamError: () =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 0, error: SERVER_ERROR })}\n\n`,
};
