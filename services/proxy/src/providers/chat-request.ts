/** OpenAI's chat completion request as clients send it. Unknown fields are kept; an adapter passes them on or refuses them. */
import { z } from 'zod';
import { isBase64, parseDataUrl } from './data-url.ts';
import { imageUrlFault } from './media-source.ts';

const imageUrl = z.string().superRefine((url, check) => {
  const message = imageUrlFault(url);
  if (message) check.addIssue({ code: 'custom', message });
});
const base64 = z.string().refine(isBase64, 'expected base64');
const fileData = z
  .string()
  .refine((data) => parseDataUrl(data) !== null || isBase64(data), 'expected base64, best as a data URL');

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const contentPart = z.discriminatedUnion('type', [
  textPart,
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.looseObject({ url: imageUrl, detail: z.string().optional() }),
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: base64, format: z.string() }),
  }),
  z.looseObject({
    type: z.literal('file'),
    file: z.looseObject({
      file_data: fileData.optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
  }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
]);
export type ContentPart = z.infer<typeof contentPart>;

const toolCall = z.discriminatedUnion('type', [
  z.looseObject({
    id: z.string(),
    type: z.literal('function'),
    function: z.looseObject({ name: z.string(), arguments: z.string() }),
  }),
  z.looseObject({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.looseObject({ name: z.string(), input: z.string() }),
  }),
]);
export type ToolCall = Extract<z.infer<typeof toolCall>, { type: 'function' }>;

const text = z.union([z.string(), z.array(textPart).min(1)]);
const chatMessage = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: text }),
  z.looseObject({ role: z.literal('developer'), content: text }),
  z.looseObject({ role: z.literal('user'), content: z.union([z.string(), z.array(contentPart).min(1)]) }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(contentPart)]).nullish(),
    tool_calls: z.array(toolCall).optional(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content: text }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const tool = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('function'),
    function: z.looseObject({
      name: toolName,
      description: z.string().optional(),
      parameters: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
  /** Called with free text; OpenAI's own. */
  z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: toolName }) }),
]);
export type Tool = Extract<z.infer<typeof tool>, { type: 'function' }>;

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
    z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: z.string() }) }),
    z.looseObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.looseObject({
        mode: z.enum(['auto', 'required']),
        tools: z
          .array(z.looseObject({ type: z.string() }))
          .min(1)
          .max(128),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: z.string(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const outputCap = z.number().int().positive().nullish();

export const chatRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(chatMessage).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: outputCap,
  max_completion_tokens: outputCap,
  n: z.number().int().min(1).max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  /** Not OpenAI's: Gemini's, vLLM's and Anthropic's. */
  top_k: z.number().int().nonnegative().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.number().int().nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  reasoning_effort: z.string().nullish(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: responseFormat.optional(),
  user: z.string().optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;
