/** Reads a body of `POST /v1/responses`. */
import { z } from 'zod';
import { InputCount, type OfferedTool, type Prompt, type RequestFault } from '../prompt.ts';
import { faultOf } from '../wire-format.ts';

const part = z.looseObject({
  type: z.enum(['input_text', 'input_image', 'input_file', 'input_audio', 'output_text', 'refusal']),
  text: z.string().optional(),
});
const content = z.union([z.string(), z.array(part)], 'expected a string or an array of content parts');
const item = z
  .looseObject({
    type: z.string().default('message'),
    role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
    content: content.optional(),
    output: content.optional(),
    encrypted_content: z.string().nullish(),
  })
  // Nothing is kept, so nothing can be named by its id, and reasoning has to be in the item itself.
  .refine(({ type }) => type !== 'item_reference', 'Item not found. Items are not persisted when `store` is false.')
  .refine(
    ({ type, encrypted_content }) => type !== 'reasoning' || /^gAAAA/.test(encrypted_content ?? ''),
    'Item not found. Items are not persisted when `store` is false.',
  );
const body = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(item).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.literal(false, 'expected false: the simulated provider keeps nothing'),
  previous_response_id: z.null('expected none: the simulated provider keeps nothing').optional(),
  max_output_tokens: z.number().int().min(16).nullish(),
  tools: z
    .array(z.looseObject({ type: z.string(), name: z.string().optional(), parameters: z.unknown().optional() }))
    .nullish(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ name: z.string() })]).nullish(),
  text: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown().optional() }).nullish() })
    .nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
});
type Body = z.infer<typeof body>;

const IMAGE_TOKENS = 765;

function textOf(given: z.infer<typeof content> | undefined): string {
  if (typeof given === 'string') return given;
  return (given ?? []).map(({ text }) => text ?? '').join('\n');
}

function itemsOf({ input }: Body): z.infer<typeof item>[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;
}

function countInput(request: Body): number {
  const count = new InputCount();
  count.text(request.instructions ?? '');
  for (const one of itemsOf(request)) {
    count.message();
    count.text(textOf(one.content));
    count.text(textOf(one.output));
    if (Array.isArray(one.content))
      for (const { type } of one.content) if (type === 'input_image') count.image(IMAGE_TOKENS);
    if (one.type === 'function_call') count.json(one);
  }
  count.json(request.tools ?? undefined);
  count.json(request.text?.format ?? undefined);
  return count.tokens;
}

function offeredTools(request: Body): OfferedTool[] {
  return (request.tools ?? []).flatMap(({ type, name, parameters }) =>
    type === 'function' && name ? [{ name, parameters }] : [],
  );
}

function jsonWish(request: Body): Prompt['json'] {
  const format = request.text?.format;
  if (format?.type === 'json_schema') return { schema: format.schema };
  return format?.type === 'json_object' ? { schema: undefined } : null;
}

export function readResponsesPrompt(given: unknown): Prompt | { fault: RequestFault } {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const fault = faultOf(parsed.error.issues);
    return { fault: { ...fault, message: `Invalid value for '${fault.param}': ${fault.message}` } };
  }
  const request = parsed.data;
  const items = itemsOf(request);
  const last = items.at(-1);
  const choice = request.tool_choice ?? 'auto';
  const reasons = !['', 'none', 'minimal'].includes(request.reasoning?.effort ?? '');
  return {
    model: request.model,
    streamed: request.stream === true,
    usageInStream: true,
    text: textOf(items.findLast(({ role }) => role === 'user')?.content),
    toolResult: last?.type === 'function_call_output' ? textOf(last.output) : null,
    inputTokens: countInput(request),
    outputTokensCap: request.max_output_tokens ?? null,
    tools: offeredTools(request),
    toolChoice: typeof choice === 'string' ? choice : { name: choice.name },
    json: jsonWish(request),
    stopSequences: [],
    choices: 1,
    reasoning: reasons ? (request.reasoning?.summary ? 'visible' : 'hidden') : 'none',
  };
}
