/** OpenAI's Responses request as clients send it. Unknown fields are kept; they are passed on to OpenAI or refused. */
import { z } from 'zod';
import { isBase64, parseDataUrl } from './data-url.ts';
import { imageUrlFault } from './media-source.ts';

const id = z.string().min(1).max(200);
const imageUrl = z.string().superRefine((url, check) => {
  const message = imageUrlFault(url);
  if (message) check.addIssue({ code: 'custom', message });
});
const fileData = z
  .string()
  .refine((data) => parseDataUrl(data) !== null || isBase64(data), 'expected base64, best as a data URL');

const inputText = z.looseObject({ type: z.literal('input_text'), text: z.string() });
const inputImage = z.looseObject({
  type: z.literal('input_image'),
  image_url: imageUrl.nullish(),
  file_id: z.string().nullish(),
  detail: z.string().nullish(),
});
const inputFile = z.looseObject({
  type: z.literal('input_file'),
  file_data: fileData.nullish(),
  file_id: z.string().nullish(),
  file_url: imageUrl.nullish(),
  filename: z.string().nullish(),
});
const inputAudio = z.looseObject({
  type: z.literal('input_audio'),
  input_audio: z.looseObject({ data: z.string().refine(isBase64, 'expected base64'), format: z.string() }),
});
const outputText = z.looseObject({ type: z.literal('output_text'), text: z.string() });
const refusal = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });
const contentPart = z.discriminatedUnion('type', [inputText, inputImage, inputFile, inputAudio, outputText, refusal]);
export type ResponsesPart = z.infer<typeof contentPart>;
const content = z.union([z.string(), z.array(contentPart)]);

const message = z.looseObject({
  type: z.literal('message').default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content,
});
const functionCall = z.looseObject({
  type: z.literal('function_call'),
  call_id: id,
  name: z.string().min(1).max(200),
  arguments: z.string(),
});
const functionCallOutput = z.looseObject({ type: z.literal('function_call_output'), call_id: id, output: content });
/** Of tools that only OpenAI knows; what their output holds is checked like any other. */
const customToolOutput = z.looseObject({ type: z.literal('custom_tool_call_output'), call_id: id, output: content });
const computerOutput = z.looseObject({
  type: z.literal('computer_call_output'),
  call_id: id,
  output: z.looseObject({ type: z.string(), image_url: imageUrl.nullish() }),
});
const reasoning = z.looseObject({
  type: z.literal('reasoning'),
  summary: z.array(z.looseObject({ type: z.string(), text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
});
const itemReference = z.looseObject({ type: z.literal('item_reference'), id });
export type MessageItem = z.infer<typeof message>;
export type FunctionCallItem = z.infer<typeof functionCall>;
export type FunctionOutputItem = z.infer<typeof functionCallOutput>;
export type ReasoningItem = z.infer<typeof reasoning>;
type ItemReference = z.infer<typeof itemReference>;
/** What only OpenAI knows: a custom tool's call, a search of its own, … */
export interface OtherItem extends Record<string, unknown> {
  type: string;
}
export type InputItem = MessageItem | FunctionCallItem | FunctionOutputItem | ReasoningItem | ItemReference | OtherItem;

const SCHEMA_OF: Record<string, z.ZodType<InputItem>> = {
  message,
  function_call: functionCall,
  function_call_output: functionCallOutput,
  custom_tool_call_output: customToolOutput,
  computer_call_output: computerOutput,
  reasoning,
  item_reference: itemReference,
};

/** By hand, because a union over the unknown types would hide what is wrong with a known one. */
const inputItem = z
  .looseObject({ type: z.string().max(100).nullish(), role: z.string().nullish() })
  .transform((item, check): InputItem => {
    // OpenAI's own short form {role, content} names no type; `item_reference` may go without one too.
    const type = item.type ?? (item.role === undefined && 'id' in item ? 'item_reference' : 'message');
    const schema = Object.hasOwn(SCHEMA_OF, type) ? SCHEMA_OF[type] : undefined;
    if (!schema) return { ...item, type };
    const parsed = schema.safeParse({ ...item, type });
    if (parsed.success) return parsed.data;
    for (const { path, message: words } of parsed.error.issues)
      check.addIssue({ code: 'custom', path, message: words });
    return z.NEVER;
  });

const functionTool = z.looseObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});
export type FunctionTool = z.infer<typeof functionTool>;
/** Every other one keeps its fields; whether it is offered is decided where the request is built. */
const tool = z.looseObject({ type: z.string().max(100) }).transform((given, check): FunctionTool | OtherItem => {
  if (given.type !== 'function') return given;
  const parsed = functionTool.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { path, message: words } of parsed.error.issues) check.addIssue({ code: 'custom', path, message: words });
  return z.NEVER;
});
export type ResponsesTool = z.infer<typeof tool>;

const toolChoice = z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.string() })]);
const textFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string(),
    schema: z.record(z.string(), z.unknown()),
    strict: z.boolean().nullish(),
  }),
]);
const METADATA_MAX = 16;

export const responsesRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(inputItem).min(1).max(10_000)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
  previous_response_id: id.nullish(),
  include: z.array(z.string().max(100)).max(20).nullish(),
  max_output_tokens: z.number().int().positive().nullish(),
  max_tool_calls: z.number().int().nonnegative().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.looseObject({ format: textFormat.nullish(), verbosity: z.string().nullish() }).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= METADATA_MAX, `expected at most ${METADATA_MAX} pairs`)
    .nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
});
export type ResponsesRequest = z.infer<typeof responsesRequest>;

/** The input as items, whichever form the client chose. */
export function itemsOf({ input }: Pick<ResponsesRequest, 'input'>): InputItem[] {
  return typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;
}

export function isItem<T extends InputItem>(item: InputItem, type: T['type']): item is T {
  return item.type === type;
}

/** OpenAI's own search, under its names so far. */
export function isWebSearch({ type }: { type: string }): boolean {
  return /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type);
}
