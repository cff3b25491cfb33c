/** Reads a body of `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent`. */
import { z } from 'zod';
import { InputCount, type Prompt, type RequestFault } from '../prompt.ts';
import { faultOf } from '../wire-format.ts';

/** The API takes snake_case beside camelCase. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
      // What is inside these belongs to the client: names there must stay as they are.
      const opaque = /^(args|response|responseSchema|responseJsonSchema|parameters|parametersJsonSchema)$/.test(name);
      return [name, opaque ? inner : camelKeys(inner)];
    }),
  );
}

const blob = z.looseObject({ mimeType: z.string(), data: z.string() });
const part = z.looseObject({
  text: z.string().optional(),
  inlineData: blob.optional(),
  fileData: z.looseObject({}).optional(),
  functionCall: z.looseObject({ name: z.string() }).optional(),
  functionResponse: z.looseObject({ name: z.string(), response: z.unknown().optional() }).optional(),
});
const content = z.looseObject({ role: z.string().optional(), parts: z.array(part).min(1) });
const declaration = z.looseObject({
  name: z.string(),
  parameters: z.unknown().optional(),
  parametersJsonSchema: z.unknown().optional(),
});
const generationConfig = z.looseObject({
  maxOutputTokens: z.number().int().positive().optional(),
  candidateCount: z.number().int().min(1).max(8).optional(),
  stopSequences: z.array(z.string()).optional(),
  responseMimeType: z.string().optional(),
  responseSchema: z.unknown().optional(),
  responseJsonSchema: z.unknown().optional(),
  thinkingConfig: z
    .looseObject({
      includeThoughts: z.boolean().optional(),
      thinkingBudget: z.number().optional(),
      thinkingLevel: z.string().optional(),
    })
    .optional(),
});
const requestBody = z.looseObject({
  contents: z.array(content).min(1, 'contents is not specified'),
  systemInstruction: z.looseObject({ parts: z.array(part) }).optional(),
  tools: z.array(z.looseObject({ functionDeclarations: z.array(declaration).optional() })).optional(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .looseObject({
          mode: z.string().optional(),
          allowedFunctionNames: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
  generationConfig: generationConfig.optional(),
});
type Body = z.infer<typeof requestBody>;

const IMAGE_TOKENS = 258;

function textOf(parts: z.infer<typeof part>[]): string {
  return parts.flatMap((one) => (one.text ? [one.text] : [])).join('\n');
}

function countInput(request: Body): number {
  const count = new InputCount();
  for (const _content of request.contents) count.message();
  for (const one of [request.systemInstruction?.parts ?? [], ...request.contents.map((given) => given.parts)].flat()) {
    if (one.text !== undefined) count.text(one.text);
    else if (one.inlineData?.mimeType.startsWith('image/') || one.fileData) count.image(IMAGE_TOKENS);
    else if (one.inlineData) count.media(one.inlineData.data);
    else count.json(one);
  }
  count.json(request.tools);
  return count.tokens;
}

function toolChoiceOf(request: Body): Prompt['toolChoice'] {
  const config = request.toolConfig?.functionCallingConfig;
  const [only, ...others] = config?.allowedFunctionNames ?? [];
  if (config?.mode === 'NONE') return 'none';
  if (config?.mode !== 'ANY') return 'auto';
  return only !== undefined && others.length === 0 ? { name: only } : 'required';
}

function reasoningOf(config: z.infer<typeof generationConfig> | undefined): Prompt['reasoning'] {
  const thinking = config?.thinkingConfig;
  if (!thinking || thinking.thinkingBudget === 0) return 'none';
  return thinking.includeThoughts ? 'visible' : 'hidden';
}

function jsonWish(config: z.infer<typeof generationConfig> | undefined): Prompt['json'] {
  if (config?.responseMimeType !== 'application/json') return null;
  return { schema: config.responseJsonSchema ?? config.responseSchema };
}

/** To be counted, a request stands in one of its own. */
function requestIn(url: URL, given: unknown): unknown {
  if (!url.pathname.endsWith(':countTokens')) return given;
  return (given as { generateContentRequest?: unknown } | null)?.generateContentRequest ?? given;
}

export function readPrompt(url: URL, body: unknown): Prompt | { fault: RequestFault } {
  const match = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent|countTokens)$/.exec(url.pathname);
  const given = requestIn(url, body);
  if (typeof given === 'object' && given !== null && !('contents' in given))
    return {
      fault: { param: 'contents', message: '* GenerateContentRequest.contents: contents is not specified\n' },
    };
  const parsed = requestBody.safeParse(camelKeys(given));
  if (!parsed.success) {
    const fault = faultOf(parsed.error.issues);
    return { fault: { ...fault, message: `Invalid value at '${fault.param}': ${fault.message}` } };
  }
  const request = parsed.data;
  const streamed = match?.[2] === 'streamGenerateContent';
  if (streamed && url.searchParams.get('alt') !== 'sse')
    return { fault: { param: 'alt', message: 'The simulated provider streams with ?alt=sse only.' } };
  const config = request.generationConfig;
  const last = request.contents.at(-1)?.parts.findLast((one) => one.functionResponse);
  const texts = request.contents.filter((one) => one.role !== 'model').map((one) => textOf(one.parts));
  return {
    model: decodeURIComponent(match?.[1] ?? ''),
    streamed,
    usageInStream: true,
    text: texts.findLast((text) => text !== '') ?? '',
    toolResult: last?.functionResponse ? JSON.stringify(last.functionResponse.response ?? {}) : null,
    inputTokens: countInput(request),
    outputTokensCap: config?.maxOutputTokens ?? null,
    tools: (request.tools ?? []).flatMap((tool) =>
      (tool.functionDeclarations ?? []).map((one) => ({
        name: one.name,
        parameters: one.parametersJsonSchema ?? one.parameters,
      })),
    ),
    toolChoice: toolChoiceOf(request),
    json: jsonWish(config),
    stopSequences: config?.stopSequences ?? [],
    choices: config?.candidateCount ?? 1,
    reasoning: reasoningOf(config),
  };
}
