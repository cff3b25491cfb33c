import type { ChatRequest, Tool } from '../chat-request.ts';
import type { ChatCall, UpstreamRequest } from '../provider.ts';
import { checkFields, checkTopLevel, translate, UnsupportedField } from '../request-fields.ts';
import { readToolUse, type ToolUse } from '../tool-use.ts';
import { readWebSearch } from '../web-search.ts';
import { PROVIDER, readConversation } from './contents.ts';
import { thinkingOf, versionOf } from './thinking.ts';
import type { FunctionDeclaration, UpstreamBody } from './wire.ts';

const TRANSLATED = [
  'n',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'reasoning_effort',
  'tools',
  'tool_choice',
  // The answer is cut to one call: Gemini can't be told.
  'parallel_tool_calls',
  'response_format',
  'service_tier',
  'web_search_options',
];
const CANDIDATES_MAX = 8;

function declaration(tool: Tool, index: number): FunctionDeclaration {
  checkFields(tool, ['type', 'function'], `tools[${index}]`, PROVIDER);
  checkFields(tool.function, ['name', 'description', 'parameters', 'strict'], `tools[${index}].function`, PROVIDER);
  const { name, description, parameters } = tool.function;
  return {
    name,
    ...(description ? { description } : {}),
    ...(parameters && Object.keys(parameters).length > 0 ? { parametersJsonSchema: parameters } : {}),
  };
}

function toolConfigOf({ tools, choice, allowed }: ToolUse): Pick<UpstreamBody, 'toolConfig'> {
  if (tools.length === 0) return {};
  const names = typeof choice === 'object' ? [choice.name] : allowed;
  const among = names ? { allowedFunctionNames: names } : {};
  if (choice === 'none') return { toolConfig: { functionCallingConfig: { mode: 'NONE' } } };
  if (choice !== 'auto') return { toolConfig: { functionCallingConfig: { mode: 'ANY', ...among } } };
  // A strict tool's calls follow its schema; Gemini has that for all tools together, and names only with it.
  if (names || tools.some((tool) => tool.function.strict)) {
    return { toolConfig: { functionCallingConfig: { mode: 'VALIDATED', ...among } } };
  }
  return {};
}

function formatOf(format: ChatRequest['response_format']): Partial<UpstreamBody['generationConfig']> {
  if (!format || format.type === 'text') return {};
  const schema = format.type === 'json_schema' ? format.json_schema.schema : undefined;
  return { responseMimeType: 'application/json', ...(schema ? { responseJsonSchema: schema } : {}) };
}

/** Functions of the client, and Google's own search beside them. */
function toolsOf({ request, upstreamModel }: ChatCall, use: ToolUse): Pick<UpstreamBody, 'tools'> {
  const search = readWebSearch(request.web_search_options, PROVIDER);
  if (search?.place)
    throw new UnsupportedField('web_search_options.user_location', `${PROVIDER} takes no place for a search.`);
  const functions = use.tools.map(declaration);
  if (search && functions.length > 0 && versionOf(upstreamModel) < 3)
    throw new UnsupportedField('web_search_options', 'This model takes functions or a search, not both.');
  const tools = [
    ...(functions.length > 0 ? [{ functionDeclarations: functions }] : []),
    ...(search ? [{ googleSearch: {} as Record<string, never> }] : []),
  ];
  return tools.length > 0 ? { tools } : {};
}

function tierOf({ service_tier: tier }: ChatRequest): Pick<UpstreamBody, 'serviceTier'> {
  if (tier === undefined || tier === null || tier === 'auto' || tier === 'default') return {};
  if (tier === 'flex' || tier === 'priority') return { serviceTier: tier };
  throw new UnsupportedField('service_tier', 'Use one of auto, default, flex, priority.');
}

function generationConfig(call: ChatCall): UpstreamBody['generationConfig'] {
  const { request } = call;
  const stop = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  const n = request.n ?? 1;
  if (n > CANDIDATES_MAX) throw new UnsupportedField('n', `${PROVIDER} gives at most ${CANDIDATES_MAX} candidates.`);
  return {
    maxOutputTokens: call.outputTokensCap,
    ...(n > 1 ? { candidateCount: n } : {}),
    ...(typeof request.temperature === 'number' ? { temperature: request.temperature } : {}),
    ...(typeof request.top_p === 'number' ? { topP: request.top_p } : {}),
    ...(typeof request.top_k === 'number' ? { topK: request.top_k } : {}),
    ...(typeof request.seed === 'number' ? { seed: request.seed } : {}),
    ...(request.presence_penalty ? { presencePenalty: request.presence_penalty } : {}),
    ...(request.frequency_penalty ? { frequencyPenalty: request.frequency_penalty } : {}),
    ...(stop.length > 0 ? { stopSequences: stop } : {}),
    ...formatOf(request.response_format),
    ...thinkingOf(call),
  };
}

/** @param operation of a model, such as `generateContent` */
function pathOf(upstreamModel: string, operation: string): string {
  return `/v1beta/models/${encodeURIComponent(upstreamModel.replace(/^models\//, ''))}:${operation}`;
}

export function buildRequest(call: ChatCall) {
  return translate((): UpstreamRequest => {
    const { request } = call;
    checkTopLevel(request, TRANSLATED, PROVIDER);
    const { system, contents } = readConversation(request.messages, call.upstreamModel);
    const use = readToolUse(request, PROVIDER);
    const body: UpstreamBody = {
      contents,
      ...(system.length > 0 ? { systemInstruction: { parts: system } } : {}),
      ...toolsOf(call, use),
      ...tierOf(request),
      ...toolConfigOf(use),
      generationConfig: generationConfig(call),
    };
    return {
      path: pathOf(call.upstreamModel, request.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  });
}
