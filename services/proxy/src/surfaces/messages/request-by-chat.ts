/** A messages request in OpenAI's chat form. What has no place there is refused by its own name. */
import type { CatalogueModel } from '@cloudfreedom/contracts';
import type { ChatRequest, Tool as ChatTool } from '../../providers/chat-request.ts';
import { isObject, type JsonObject, objectsIn, textIn } from '../../providers/json.ts';
import { UnsupportedField } from '../../providers/request-fields.ts';
import { type Origin, readConversation } from './conversation-by-chat.ts';
import type { CountTokensRequest, MessagesRequest, Tool } from './request.ts';
import { isOwnTool } from './tool-kinds.ts';

type Model = Pick<CatalogueModel, 'provider' | 'reasoning'>;

const TRANSLATED = [
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'context_management',
];
/** Of Anthropic's own accounts and caches; `metadata` names a person. */
const BOOKKEEPING = ['metadata', 'cache_control', 'service_tier', 'diagnostics', 'user_profile_id', 'workspace_id'];
const NEUTRAL: Record<string, unknown> = { speed: 'standard', inference_geo: 'global' };

/** @throws UnsupportedField */
export function readRequest(
  given: MessagesRequest | CountTokensRequest,
  model: Model,
): { chat: ChatRequest; paramOf: ParamOf } {
  // A request to be counted is one without the fields of its answer.
  const request = given as CountTokensRequest & Partial<MessagesRequest>;
  checkTopLevel(request);
  const { messages, origins } = readConversation(request);
  const effort = effortOf(request, model);
  const chat: ChatRequest = {
    model: request.model,
    messages,
    ...(request.stream ? { stream: true } : {}),
    ...(typeof request.temperature === 'number' ? { temperature: request.temperature } : {}),
    ...(typeof request.top_p === 'number' ? { top_p: request.top_p } : {}),
    ...(typeof request.top_k === 'number' ? { top_k: request.top_k } : {}),
    ...(request.stop_sequences?.length ? { stop: request.stop_sequences } : {}),
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...toolsOf(request),
    ...formatOf(request),
  };
  return { chat, paramOf: (param) => clientParam(param, origins) };
}

type ParamOf = (chatParam: string) => string;

const PARAMS: Record<string, string> = {
  stop: 'stop_sequences',
  reasoning_effort: 'thinking',
  response_format: 'output_config.format',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
};

/** The client's name for what an adapter refused under its chat name. */
function clientParam(param: string, origins: Origin[]): string {
  const place = /^messages\[(\d+)\](?:\.content\[(\d+)\])?/.exec(param);
  if (place) {
    const origin = origins[Number(place[1])];
    return origin?.parts[Number(place[2] ?? Number.NaN)] ?? origin?.path ?? 'messages';
  }
  const tool = /^tools\[\d+\]/.exec(param);
  if (tool) return param.replace('.function.parameters', '.input_schema').replace('.function', '');
  return PARAMS[param] ?? param;
}

function checkTopLevel(request: CountTokensRequest): void {
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined || value === null || TRANSLATED.includes(field) || BOOKKEEPING.includes(field)) continue;
    if (NEUTRAL[field] === value || (Array.isArray(value) && value.length === 0)) continue;
    throw new UnsupportedField(field, `Only Anthropic's models take '${field}'; leave it out.`);
  }
  // Clearing thinking from the context is what happens here anyway: it never gets there.
  const management = isObject(request.context_management) ? request.context_management : {};
  for (const [index, edit] of objectsIn(management.edits).entries())
    if (!textIn(edit.type).startsWith('clear_thinking'))
      throw new UnsupportedField(
        `context_management.edits[${index}].type`,
        "Only Anthropic's models edit their context.",
      );
}

/** Tokens of thinking from which on an effort counts as the next one; the adapters' budgets lie between them. */
const MEDIUM_FROM_TOKENS = 4_096;
const HIGH_FROM_TOKENS = 16_384;
/** The highest effort that all models of the other providers have. */
const EFFORT: Record<string, string> = { low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' };

/** @returns null: as the model does without being asked */
function effortOf({ thinking, output_config }: CountTokensRequest, { reasoning }: Model): string | null {
  const effort = output_config?.effort ?? null;
  if (effort !== null) {
    const level = Object.hasOwn(EFFORT, effort) ? EFFORT[effort] : undefined;
    if (level === undefined)
      throw new UnsupportedField('output_config.effort', `Use one of ${Object.keys(EFFORT).join(', ')}.`);
    if (reasoning === 'none')
      throw new UnsupportedField('output_config.effort', 'This model does not reason; leave it out.');
    return level;
  }
  if (!thinking || thinking.type === 'disabled' || reasoning === 'none') {
    if (thinking?.type === 'enabled')
      throw new UnsupportedField('thinking', 'This model does not reason; leave it out.');
    return null;
  }
  if (thinking.type === 'adaptive') return 'medium';
  const budget = thinking.budget_tokens ?? 0;
  return budget >= HIGH_FROM_TOKENS ? 'high' : budget >= MEDIUM_FROM_TOKENS ? 'medium' : 'low';
}

function toolsOf({ tools, tool_choice: choice }: CountTokensRequest): Partial<ChatRequest> {
  if (!tools?.length) {
    if (choice?.type === 'any' || choice?.type === 'tool')
      throw new UnsupportedField('tool_choice', 'There is no tool to choose: send `tools` too.');
    return {};
  }
  const single =
    choice && 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use === true
      ? { parallel_tool_calls: false }
      : {};
  return { tools: tools.map(chatTool), ...single, ...toolChoiceOf(choice) };
}

function toolChoiceOf(choice: CountTokensRequest['tool_choice']): Pick<ChatRequest, 'tool_choice'> {
  switch (choice?.type) {
    case 'any':
      return { tool_choice: 'required' };
    case 'none':
      return { tool_choice: 'none' };
    case 'tool':
      return { tool_choice: { type: 'function', function: { name: choice.name } } };
    default:
      return {};
  }
}

/** How a tool is sent or cached is no part of what it does. */
const TOOL_FIELDS = ['type', 'name', 'description', 'input_schema', 'strict', 'cache_control', 'eager_input_streaming'];

function chatTool(tool: Tool, index: number): ChatTool {
  const path = `tools[${index}]`;
  if (!isOwnTool(tool)) throw new UnsupportedField(`${path}.type`, `Only Anthropic's models have '${tool.type}'.`);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(tool.name ?? ''))
    throw new UnsupportedField(`${path}.name`, 'This model takes names of at most 64 letters, digits, _ and -.');
  for (const [field, value] of Object.entries(tool))
    if (value !== undefined && value !== null && value !== false && !TOOL_FIELDS.includes(field))
      throw new UnsupportedField(
        `${path}.${field}`,
        `Only Anthropic's models take '${field}' of a tool; leave it out.`,
      );
  return {
    type: 'function',
    function: {
      name: tool.name ?? '',
      ...(tool.description ? { description: tool.description } : {}),
      ...(tool.input_schema ? { parameters: tool.input_schema } : {}),
      ...(tool.strict === true ? { strict: true } : {}),
    },
  };
}

function formatOf(request: CountTokensRequest): Pick<ChatRequest, 'response_format'> {
  const format = request.output_config?.format ?? (isObject(request.output_format) ? request.output_format : undefined);
  if (!format) return {};
  if (format.type !== 'json_schema' || !isObject(format.schema))
    throw new UnsupportedField('output_config.format', 'Use a json_schema with its schema.');
  const { schema } = format;
  return {
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: canBeStrict(schema) } },
  };
}

/** OpenAI's strict schemas need every property of every object. */
function canBeStrict(schema: JsonObject): boolean {
  const open: unknown[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next);
    if (!isObject(next)) continue;
    const properties = isObject(next.properties) ? Object.keys(next.properties) : null;
    const required = Array.isArray(next.required) ? next.required : [];
    if (properties && (next.additionalProperties !== false || properties.some((name) => !required.includes(name))))
      return false;
    open.push(...Object.values(next));
  }
  return true;
}
