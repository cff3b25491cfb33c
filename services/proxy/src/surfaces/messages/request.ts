/** Anthropic's messages request as clients send it. Unknown fields and blocks are kept: Anthropic gets them as they came. */
import { z } from 'zod';
import { isBase64 } from '../../providers/data-url.ts';
import { imageUrlFault } from '../../providers/media-source.ts';

const publicUrl = z.string().superRefine((url, check) => {
  const message = /^data:/i.test(url) ? 'expected an https address' : imageUrlFault(url);
  if (message) check.addIssue({ code: 'custom', message });
});
const base64 = z.string().refine(isBase64, 'expected base64');
const id = z.string().min(1).max(200);

const urlSource = z.looseObject({ type: z.literal('url'), url: publicUrl });
const fileSource = z.looseObject({ type: z.literal('file'), file_id: id });
const imageSource = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: base64 }),
  urlSource,
  fileSource,
]);
const documentSource = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: base64 }),
  z.looseObject({ type: z.literal('text'), data: z.string() }),
  z.looseObject({
    type: z.literal('content'),
    content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]),
  }),
  urlSource,
  fileSource,
]);

/** What is checked of the blocks that are known; all others belong to Anthropic alone. */
const KNOWN_BLOCKS: Record<string, z.ZodType> = {
  text: z.looseObject({ text: z.string() }),
  image: z.looseObject({ source: imageSource }),
  document: z.looseObject({ source: documentSource, title: z.string().nullish(), context: z.string().nullish() }),
  search_result: z.looseObject({
    source: z.string(),
    title: z.string(),
    content: z.array(z.looseObject({ type: z.literal('text'), text: z.string() })),
  }),
  thinking: z.looseObject({ thinking: z.string(), signature: z.string() }),
  redacted_thinking: z.looseObject({ data: z.string() }),
  tool_use: z.looseObject({ id, name: z.string().min(1).max(200), input: z.record(z.string(), z.unknown()) }),
  tool_result: z.looseObject({
    tool_use_id: id,
    is_error: z.boolean().nullish(),
    content: z.union([z.string(), z.array(z.lazy(() => block))]).nullish(),
  }),
};

const block = z.looseObject({ type: z.string().min(1) }).superRefine((value, check) => {
  const known = Object.hasOwn(KNOWN_BLOCKS, value.type) ? KNOWN_BLOCKS[value.type]?.safeParse(value) : undefined;
  for (const { path, message } of known?.error?.issues ?? []) check.addIssue({ code: 'custom', path, message });
});
export type Block = z.infer<typeof block>;

const textBlocks = z.array(z.looseObject({ type: z.literal('text'), text: z.string() }));
const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(block)]),
});

const tool = z.looseObject({
  /** Absent or `custom`: the client's own. */
  type: z.string().nullish(),
  name: z.string().min(1).max(200).optional(),
  description: z.string().nullish(),
  input_schema: z.record(z.string(), z.unknown()).optional(),
});
export type Tool = z.infer<typeof tool>;

const toolChoice = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().nullish() }),
  z.looseObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().nullish() }),
  z.looseObject({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: z.boolean().nullish() }),
  z.looseObject({ type: z.literal('none') }),
]);

const format = z.looseObject({ type: z.string(), schema: z.record(z.string(), z.unknown()).optional() });

/** What the input is made of, for counting as well. */
const input = {
  model: z.string().min(1).max(200),
  messages: z.array(message).min(1).max(100_000),
  system: z.union([z.string(), textBlocks]).nullish(),
  tools: z.array(tool).max(10_000).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: z
    .looseObject({
      type: z.string(),
      budget_tokens: z.number().int().positive().optional(),
      display: z.string().nullish(),
    })
    .nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: format.nullish() }).nullish(),
};

export const messagesRequest = z.looseObject({
  ...input,
  max_tokens: z.number().int().positive(),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string()).max(8_192).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().nonnegative().nullish(),
});
export type MessagesRequest = z.infer<typeof messagesRequest>;

/** For `/v1/messages/count_tokens`. */
export const countTokensRequest = z.looseObject(input);
export type CountTokensRequest = z.infer<typeof countTokensRequest>;
