import type { ChatRequest, Tool } from '../chat-request.ts';
import type { ChatCall, UpstreamRequest } from '../provider.ts';
import { checkFields, checkTopLevel, translate, UnsupportedField } from '../request-fields.ts';
import { readToolUse, type ToolUse } from '../tool-use.ts';
import { readWebSearch } from '../web-search.ts';
import { cacheControlOf, PROVIDER, readConversation } from './messages.ts';
import { abilitiesOf } from './model.ts';
import { thinkingOf } from './thinking.ts';
import type {
  OutputConfig,
  ServerTool,
  TextBlock,
  Thinking,
  ToolChoice,
  ToolDefinition,
  UpstreamBody,
} from './wire.ts';

const TRANSLATED = [
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'reasoning_effort',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'web_search_options',
];
const JSON_INSTRUCTION = 'Answer with one valid JSON object and nothing else: no code fence, no words around it.';

/** 1 is Anthropic's own default of both, so it isn't sent: that keeps models that refuse the fields usable. */
function samplingOf({ request, upstreamModel }: ChatCall, thinking: Thinking | undefined) {
  const sampling: { temperature?: number; top_p?: number; top_k?: number } = {};
  for (const field of ['temperature', 'top_p'] as const) {
    const value = request[field] ?? 1;
    if (value === 1) continue;
    if (value > 1) throw new UnsupportedField(field, `${PROVIDER} takes a ${field} from 0 to 1.`);
    if (!abilitiesOf(upstreamModel).sampling) {
      throw new UnsupportedField(field, `This model has no ${field}; leave it out.`);
    }
    if (thinking && thinking.type !== 'disabled' && !(field === 'top_p' && value >= 0.95)) {
      throw new UnsupportedField(field, `${PROVIDER} takes no ${field} together with reasoning_effort.`);
    }
    sampling[field] = value;
  }
  if (typeof request.top_k === 'number') {
    if (!abilitiesOf(upstreamModel).sampling || (thinking && thinking.type !== 'disabled'))
      throw new UnsupportedField(
        'top_k',
        `This model takes no top_k${thinking ? ' while it reasons' : ''}; leave it out.`,
      );
    sampling.top_k = request.top_k;
  }
  return sampling;
}

function stopOf(stop: ChatRequest['stop']): { stop_sequences?: string[] } {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  if (sequences.some((sequence) => sequence.trim() === '')) {
    throw new UnsupportedField('stop', `${PROVIDER} takes no stop sequence of white space alone.`);
  }
  return sequences.length > 0 ? { stop_sequences: sequences } : {};
}

function toolDefinition(tool: Tool, index: number): ToolDefinition {
  const path = `tools[${index}]`;
  checkFields(tool, ['type', 'function', 'cache_control'], path, PROVIDER);
  checkFields(tool.function, ['name', 'description', 'parameters', 'strict'], `${path}.function`, PROVIDER);
  const { name, description, parameters, strict } = tool.function;
  return {
    name,
    ...(description ? { description } : {}),
    input_schema: { properties: {}, ...parameters, type: 'object' },
    ...(strict ? { strict } : {}),
    ...cacheControlOf(tool.cache_control, path),
  };
}

/** Anthropic's own search, at most as often as was reserved for. */
function searchTool({ request, serverToolCallsMax = 0 }: ChatCall): ServerTool[] {
  const search = readWebSearch(request.web_search_options, PROVIDER);
  if (!search) return [];
  const place = search.place && { user_location: { type: 'approximate' as const, ...search.place } };
  return [{ type: 'web_search_20250305', name: 'web_search', max_uses: serverToolCallsMax, ...place }];
}

function toolChoiceOf(
  request: ChatRequest,
  { tools, choice }: ToolUse,
  thinking: Thinking | undefined,
): { tool_choice?: ToolChoice } {
  if (tools.length === 0) return {};
  if (choice === 'none') return { tool_choice: { type: 'none' } };
  const forced = choice === 'required' || typeof choice === 'object';
  if (forced && thinking?.type === 'enabled') {
    throw new UnsupportedField('tool_choice', `${PROVIDER} can't be made to call a tool while it reasons.`);
  }
  const single = request.parallel_tool_calls === false ? { disable_parallel_tool_use: true } : {};
  if (typeof choice === 'object') return { tool_choice: { type: 'tool', name: choice.name, ...single } };
  if (choice === 'auto' && request.parallel_tool_calls !== false) return {};
  return { tool_choice: { type: choice === 'required' ? 'any' : 'auto', ...single } };
}

/** The label of a schema (`name`, `description`) says nothing to Anthropic, and its schemas are always strict. */
function formatOf({ request, upstreamModel }: ChatCall): { format?: OutputConfig['format']; instruction?: TextBlock } {
  const format = request.response_format;
  if (!format || format.type === 'text') return {};
  // Anthropic has no mode for JSON of any shape: OpenAI, too, asks for the words in the prompt.
  if (format.type === 'json_object') return { instruction: { type: 'text', text: JSON_INSTRUCTION } };
  const schema = format.json_schema.schema;
  if (!schema) return { instruction: { type: 'text', text: JSON_INSTRUCTION } };
  if (!abilitiesOf(upstreamModel).schema) {
    throw new UnsupportedField('response_format', 'This model takes no JSON schema.');
  }
  return { format: { type: 'json_schema', schema } };
}

export function buildRequest(call: ChatCall) {
  return translate((): UpstreamRequest => {
    const { request } = call;
    checkTopLevel(request, TRANSLATED, PROVIDER);
    const conversation = readConversation(request.messages);
    const { thinking, effort } = thinkingOf(call);
    const { format, instruction } = formatOf(call);
    const system = instruction ? [...conversation.system, instruction] : conversation.system;
    const outputConfig: OutputConfig = { ...(effort ? { effort } : {}), ...(format ? { format } : {}) };
    const use = readToolUse(request, PROVIDER);
    // Anthropic has no word for a part of the tools: the others aren't offered.
    const offered = use.tools.map(toolDefinition).filter(({ name }) => use.allowed?.includes(name) ?? true);
    const tools = [...offered, ...searchTool(call)];
    const body: UpstreamBody = {
      model: call.upstreamModel,
      max_tokens: call.outputTokensCap,
      messages: conversation.turns,
      ...(system.length > 0 ? { system } : {}),
      ...(thinking ? { thinking } : {}),
      ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
      ...samplingOf(call, thinking),
      ...stopOf(request.stop),
      ...(tools.length > 0 ? { tools } : {}),
      ...toolChoiceOf(request, use, thinking),
      ...(request.stream ? { stream: true } : {}),
    };
    const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };
    return { path: '/v1/messages', headers, body: JSON.stringify(body) };
  });
}
