/** Reads a body of `POST /v1/messages`. */
import { z } from 'zod';
import { InputCount, type Prompt, type RequestFault } from '../prompt.ts';
import { faultOf } from '../wire-format.ts';

const source = z.looseObject({ type: z.string(), data: z.string().optional() });
const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: source.optional(),
  content: z.unknown().optional(),
});
type Block = z.infer<typeof block>;
const content = z.union([z.string(), z.array(block)], 'Input should be a valid string or list');
const body = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  messages: z
    .array(z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content }))
    .min(1, 'at least one message is required'),
  system: content.optional(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.unknown().optional() })).optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() }).optional(),
  thinking: z
    .looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']), display: z.string().nullish() })
    .optional(),
  output_config: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown() }).nullish() })
    .optional(),
  output_format: z.looseObject({ type: z.string(), schema: z.unknown() }).nullish(),
});
type Body = z.infer<typeof body>;

const IMAGE_TOKENS = 1_500;

function textOf(given: z.infer<typeof content>): string {
  if (typeof given === 'string') return given;
  return given.flatMap((one) => (one.type === 'text' && one.text ? [one.text] : [])).join('\n');
}

function countBlock(count: InputCount, one: Block): void {
  if (one.type === 'text') count.text(one.text ?? '');
  else if (one.type === 'image') count.image(IMAGE_TOKENS);
  else if (one.source?.data) count.media(one.source.data);
  else if (one.type === 'tool_result' && Array.isArray(one.content))
    for (const inner of one.content) countBlock(count, block.parse(inner));
  else count.json(one);
}

function countInput(request: Body): number {
  const count = new InputCount();
  for (const given of [request.system ?? '', ...request.messages.map((one) => one.content)]) {
    if (typeof given === 'string') count.text(given);
    else for (const one of given) countBlock(count, one);
  }
  for (const _message of request.messages) count.message();
  count.json(request.tools);
  count.json(request.output_config?.format ?? request.output_format ?? undefined);
  return count.tokens;
}

function toolResultOf(request: Body): string | null {
  const last = request.messages.at(-1)?.content;
  if (typeof last !== 'object') return null;
  const result = last.findLast((one) => one.type === 'tool_result');
  if (!result) return null;
  const parsed = content.safeParse(result.content);
  return parsed.success ? textOf(parsed.data) : '';
}

function toolChoiceOf(request: Body): Prompt['toolChoice'] {
  const choice = request.tool_choice;
  if (choice?.type === 'tool') return { name: choice.name ?? '' };
  if (choice?.type === 'any') return 'required';
  return choice?.type === 'none' ? 'none' : 'auto';
}

function reasoningOf(request: Body): Prompt['reasoning'] {
  if (!request.thinking || request.thinking.type === 'disabled') return 'none';
  return request.thinking.display === 'omitted' ? 'hidden' : 'visible';
}

/** The newest words of the person: a message that only carries a tool's result has none. */
function lastWords(request: Body): string {
  const texts = request.messages.filter((one) => one.role === 'user').map((one) => textOf(one.content));
  return texts.findLast((text) => text !== '') ?? '';
}

export function readPrompt(given: unknown): Prompt | { fault: RequestFault } {
  if (typeof given === 'object' && given !== null)
    for (const field of ['model', 'max_tokens', 'messages'])
      if (!(field in given)) return { fault: { param: field, message: `${field}: Field required` } };
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const fault = faultOf(parsed.error.issues);
    const place = fault.param.replace(/\[(\d+)\]/g, '.$1');
    return { fault: { param: fault.param, message: `${place}: ${fault.message}` } };
  }
  const request = parsed.data;
  const format = request.output_config?.format ?? request.output_format;
  return {
    model: request.model,
    streamed: request.stream === true,
    usageInStream: true,
    text: lastWords(request),
    toolResult: toolResultOf(request),
    inputTokens: countInput(request),
    outputTokensCap: request.max_tokens,
    tools: (request.tools ?? []).map((tool) => ({ name: tool.name, parameters: tool.input_schema })),
    toolChoice: toolChoiceOf(request),
    json: format ? { schema: format.schema } : null,
    stopSequences: request.stop_sequences ?? [],
    choices: 1,
    reasoning: reasoningOf(request),
  };
}
