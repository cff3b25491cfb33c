/** A Responses request as a chat completion request, for providers that know no Responses API. */
import type { ChatRequest, Tool } from '../../providers/chat-request.ts';
import { isObject, objectsIn } from '../../providers/json.ts';
import type { Unsupported } from '../../providers/provider.ts';
import { UnsupportedField } from '../../providers/request-fields.ts';
import {
  type InputItem,
  isWebSearch,
  type ResponsesRequest,
  type ResponsesTool,
} from '../../providers/responses-request.ts';
import { chatMessages } from './chat-messages.ts';

/** What the request asks to see of tools that are not offered to these providers: there is nothing to leave out. */
const INCLUDABLE =
  /^(reasoning\.encrypted_content|(file_search|web_search|code_interpreter|computer)_call.*|message\.input_image\.image_url)$/;

/** A chat's own fields, which the Responses API doesn't have: nothing has measured what they ask for. */
const ONLY_IN_CHAT = [
  'audio',
  'frequency_penalty',
  'function_call',
  'functions',
  'logit_bias',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'messages',
  'modalities',
  'n',
  'prediction',
  'presence_penalty',
  'reasoning_effort',
  'response_format',
  'seed',
  'stop',
  'verbosity',
  'web_search_options',
];

/** Fields that say the same in a chat, those of OpenAI's own accounts, and unknown ones, which the adapter refuses. */
function sameInChat(request: ResponsesRequest): Record<string, unknown> {
  const {
    model: _model,
    input: _input,
    instructions: _instructions,
    stream: _stream,
    stream_options: _padding,
    store: _store,
    previous_response_id: _previous,
    include: _include,
    max_output_tokens: _cap,
    // Counts calls of tools that the provider runs, of which there are none.
    max_tool_calls: _calls,
    tools: _tools,
    tool_choice: _choice,
    text: _text,
    reasoning: _reasoning,
    truncation: _truncation,
    top_logprobs: _logprobs,
    background: _background,
    conversation: _conversation,
    prompt: _prompt,
    ...same
  } = request;
  return same;
}

function toolOf(tool: ResponsesTool, index: number): Tool[] {
  if (isWebSearch(tool)) return [];
  if (tool.type !== 'function')
    throw new UnsupportedField(
      `tools[${index}].type`,
      `This model's provider offers no tool of the type '${tool.type}'.`,
    );
  const { name, description, parameters, strict } = tool as Extract<ResponsesTool, { type: 'function' }>;
  const made = {
    name: String(name),
    ...(description ? { description: String(description) } : {}),
    ...(parameters ? { parameters: parameters as Record<string, unknown> } : {}),
    ...(typeof strict === 'boolean' ? { strict } : {}),
  };
  return [{ type: 'function', function: made }];
}

/** A search is no tool of a chat, but an option. */
function searchOf(request: ResponsesRequest): Record<string, unknown> {
  const search = request.tools?.find(isWebSearch);
  if (!search) return {};
  const { search_context_size: size, user_location: place } = search;
  const { type: _kind, ...approximate } = isObject(place) ? place : {};
  return {
    web_search_options: {
      ...(size ? { search_context_size: size } : {}),
      ...(isObject(place) ? { user_location: { type: 'approximate', approximate } } : {}),
    },
  };
}

function toolChoiceOf(choice: ResponsesRequest['tool_choice']): Pick<ChatRequest, 'tool_choice'> {
  if (choice === null || choice === undefined) return {};
  if (typeof choice === 'string') return { tool_choice: choice };
  if (choice.type === 'function' && typeof choice.name === 'string')
    return { tool_choice: { type: 'function', function: { name: choice.name } } };
  if (choice.type === 'allowed_tools' && (choice.mode === 'auto' || choice.mode === 'required')) {
    const tools = objectsIn(choice.tools).map(({ type, name }) => ({ type: String(type), function: { name } }));
    return { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools } } };
  }
  throw new UnsupportedField('tool_choice', `This model's provider knows no choice of the type '${choice.type}'.`);
}

function formatOf(format: NonNullable<ResponsesRequest['text']>['format']): Pick<ChatRequest, 'response_format'> {
  if (!format) return {};
  if (format.type !== 'json_schema') return { response_format: { type: format.type } };
  const { type, ...schema } = format;
  return { response_format: { type, json_schema: schema } };
}

function checkRefused(request: ResponsesRequest): void {
  const field = ONLY_IN_CHAT.find((name) => request[name] !== undefined && request[name] !== null);
  if (field) throw new UnsupportedField(field, `The Responses API has no '${field}'; leave it out.`);
  if (request.truncation === 'auto')
    throw new UnsupportedField('truncation', "This model's provider cuts no input: use 'disabled'.");
  const include = request.include ?? [];
  const unknown = include.findIndex((what) => !INCLUDABLE.test(what));
  if (unknown >= 0)
    throw new UnsupportedField(`include[${unknown}]`, `This model's provider has no '${include[unknown]}' to include.`);
  if (request.top_logprobs)
    throw new UnsupportedField('top_logprobs', "This model's provider has no log probabilities.");
  for (const [field, value] of Object.entries(request.reasoning ?? {})) {
    if (value === null || value === undefined || ['effort', 'summary', 'generate_summary'].includes(field)) continue;
    throw new UnsupportedField(`reasoning.${field}`, `This model's provider has no counterpart of '${field}'.`);
  }
}

/**
 * @param input the whole conversation, of which the first `kept` items are not of this request
 */
export function chatForm(
  request: ResponsesRequest,
  input: InputItem[],
  kept: number,
): ChatRequest | { unsupported: Unsupported } {
  try {
    checkRefused(request);
    const { text, reasoning, max_output_tokens: cap } = request;
    const tools = (request.tools ?? []).flatMap(toolOf);
    return {
      ...sameInChat(request),
      ...searchOf(request),
      ...toolChoiceOf(request.tool_choice),
      ...formatOf(text?.format),
      ...(text?.verbosity ? { verbosity: text.verbosity } : {}),
      ...(reasoning?.effort ? { reasoning_effort: reasoning.effort } : {}),
      ...(tools.length > 0 ? { tools } : {}),
      ...(cap ? { max_completion_tokens: cap } : {}),
      parallel_tool_calls: request.parallel_tool_calls ?? undefined,
      user: request.user ?? undefined,
      model: request.model,
      messages: chatMessages(request.instructions, input, kept),
      stream: request.stream ?? false,
    } as ChatRequest;
  } catch (error) {
    if (error instanceof UnsupportedField) return { unsupported: error.unsupported };
    throw error;
  }
}

const RESPONSES_NAME: Record<string, string> = {
  web_search_options: 'tools',
  max_completion_tokens: 'max_output_tokens',
  max_tokens: 'max_output_tokens',
  reasoning_effort: 'reasoning.effort',
  response_format: 'text.format',
  verbosity: 'text.verbosity',
};

/** An adapter's refusal names the chat's field; the client knows the other one. */
export function inResponsesWords({ param, message }: Unsupported): Unsupported {
  if (/^messages\b/.test(param)) return { param: 'input', message };
  const named = Object.keys(RESPONSES_NAME).find((field) => param === field || param.startsWith(`${field}.`));
  if (named) return { param: `${RESPONSES_NAME[named]}${param.slice(named.length)}`, message };
  return { param: param.replace(/^(tools\[\d+\])\.function\b/, '$1'), message };
}
