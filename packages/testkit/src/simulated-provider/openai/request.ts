/** Reads a body of `POST /v1/chat/completions`. */
import { z } from 'zod';
import { InputCount, type OfferedTool, type Prompt, type RequestFault } from '../prompt.ts';
import { faultOf } from '../wire-format.ts';

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.looseObject({ url: z.string(), detail: z.string().optional() }),
  }),
  z.looseObject({ type: z.literal('input_audio'), input_audio: z.looseObject({ data: z.string() }) }),
  z.looseObject({ type: z.literal('file'), file: z.looseObject({ file_data: z.string().optional() }) }),
]);
const content = z.union([z.string(), z.array(part)], 'expected a string or an array of content parts');
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: content.nullish(),
  tool_calls: z.array(z.looseObject({ function: z.looseObject({}).optional() })).nullish(),
});
const tool = z.looseObject({
  type: z.string(),
  function: z.looseObject({ name: z.string(), parameters: z.unknown().optional() }).optional(),
});
const cap = z.number().int().positive().nullish();
const body = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: cap,
  max_completion_tokens: cap,
  n: z.number().int().min(1).max(128).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.looseObject({ function: z.looseObject({ name: z.string() }) })])
    .nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: z.unknown() }).optional() })
    .nullish(),
  reasoning_effort: z.string().nullish(),
});
type Body = z.infer<typeof body>;

const IMAGE_TOKENS = 765;
const IMAGE_TOKENS_LOW_DETAIL = 85;

function textOf(given: z.infer<typeof content> | null | undefined): string {
  if (typeof given === 'string') return given;
  return (given ?? []).flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
}

function countInput(request: Body): number {
  const count = new InputCount();
  for (const { content: given, tool_calls } of request.messages) {
    count.message();
    if (typeof given === 'string') count.text(given);
    for (const one of typeof given === 'string' ? [] : (given ?? [])) {
      if (one.type === 'text') count.text(one.text);
      else if (one.type === 'refusal') count.text(one.refusal);
      else if (one.type === 'image_url')
        count.image(one.image_url.detail === 'low' ? IMAGE_TOKENS_LOW_DETAIL : IMAGE_TOKENS);
      else if (one.type === 'input_audio') count.media(one.input_audio.data);
      else count.media(one.file.file_data ?? '');
    }
    count.json(tool_calls ?? undefined);
  }
  count.json(request.tools ?? undefined);
  count.json(request.response_format?.json_schema);
  return count.tokens;
}

function offeredTools(request: Body): OfferedTool[] {
  return (request.tools ?? []).flatMap((one) =>
    one.function ? [{ name: one.function.name, parameters: one.function.parameters }] : [],
  );
}

function jsonWish(request: Body): Prompt['json'] {
  const type = request.response_format?.type;
  if (type === 'json_schema') return { schema: request.response_format?.json_schema?.schema };
  return type === 'json_object' ? { schema: undefined } : null;
}

export function readPrompt(given: unknown): Prompt | { fault: RequestFault } {
  if (typeof given === 'object' && given !== null)
    for (const field of ['model', 'messages'])
      if (!(field in given)) return { fault: { param: field, message: `Missing required parameter: '${field}'.` } };
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const fault = faultOf(parsed.error.issues);
    return { fault: { ...fault, message: `Invalid value for '${fault.param}': ${fault.message}.` } };
  }
  const request = parsed.data;
  const last = request.messages.at(-1);
  const choice = request.tool_choice ?? 'auto';
  return {
    model: request.model,
    streamed: request.stream === true,
    usageInStream: request.stream_options?.include_usage === true,
    text: textOf(request.messages.findLast((one) => one.role === 'user')?.content),
    toolResult: last?.role === 'tool' ? textOf(last.content) : null,
    inputTokens: countInput(request),
    outputTokensCap: request.max_completion_tokens ?? request.max_tokens ?? null,
    tools: offeredTools(request),
    toolChoice: typeof choice === 'string' ? choice : { name: choice.function.name },
    json: jsonWish(request),
    stopSequences: [request.stop ?? []].flat(),
    choices: request.n ?? 1,
    reasoning: ['', 'none', 'minimal'].includes(request.reasoning_effort ?? '') ? 'none' : 'hidden',
  };
}
