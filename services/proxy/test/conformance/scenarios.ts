/** What clients can ask for, in the form of each API that they speak. undefined: that API has no such thing. */
export interface Scenario {
  name: string;
  /** Beside a model and a plain question. */
  chat?: object;
  responses?: object;
  messages?: object;
}

const PIXEL = 'iVBORw0KGgo=';
const PIXEL_URL = `data:image/png;base64,${PIXEL}`;
const PDF_URL = 'data:application/pdf;base64,JVBERi0=';
const parameters = { type: 'object', properties: {} };
const shape = { type: 'object', properties: {}, additionalProperties: false };

const chatTool = { type: 'function', function: { name: 'look', parameters } };
const responsesTool = { type: 'function', name: 'look', parameters, strict: false };
const messagesTool = { name: 'look', input_schema: parameters };
const strictTools = {
  chat: [{ type: 'function', function: { name: 'look', parameters: shape, strict: true } }],
  responses: [{ ...responsesTool, parameters: shape, strict: true }],
};
const ask = (...content: object[]) => [{ role: 'user', content }];
const chatLoop = [
  { role: 'user', content: 'x' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }],
  },
  { role: 'tool', tool_call_id: 'call_1', content: 'y' },
];
const responsesLoop = [
  { role: 'user', content: 'x' },
  { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
  { type: 'function_call_output', call_id: 'call_1', output: 'y' },
];
const messagesLoop = [
  { role: 'user', content: 'x' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'y' }] },
];
const both = (fields: object): Pick<Scenario, 'chat' | 'responses'> => ({ chat: fields, responses: fields });
const all = (fields: object): Omit<Scenario, 'name'> => ({ ...both(fields), messages: fields });

export const SCENARIOS: Scenario[] = [
  { name: 'text', ...all({}) },
  { name: 'stream', ...all({ stream: true }) },
  {
    name: 'instructions of the system',
    chat: { messages: [{ role: 'system', content: 'a' }, ...chatLoop] },
    responses: { instructions: 'a' },
    messages: { system: 'a' },
  },
  {
    name: 'tools',
    chat: { tools: [chatTool] },
    responses: { tools: [responsesTool] },
    messages: { tools: [messagesTool] },
  },
  { name: 'strict tools', chat: { tools: strictTools.chat }, responses: { tools: strictTools.responses } },
  {
    name: 'one tool at a time',
    chat: { tools: [chatTool], parallel_tool_calls: false },
    responses: { tools: [responsesTool], parallel_tool_calls: false },
    messages: { tools: [messagesTool], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
  },
  {
    name: 'a tool has to be called',
    chat: { tools: [chatTool], tool_choice: 'required' },
    responses: { tools: [responsesTool], tool_choice: 'required' },
    messages: { tools: [messagesTool], tool_choice: { type: 'any' } },
  },
  {
    name: 'this tool has to be called',
    chat: { tools: [chatTool], tool_choice: { type: 'function', function: { name: 'look' } } },
    responses: { tools: [responsesTool], tool_choice: { type: 'function', name: 'look' } },
    messages: { tools: [messagesTool], tool_choice: { type: 'tool', name: 'look' } },
  },
  {
    name: 'results of tools',
    chat: { tools: [chatTool], messages: chatLoop },
    responses: { tools: [responsesTool], input: responsesLoop },
    messages: { tools: [messagesTool], messages: messagesLoop },
  },
  {
    name: 'custom tool (free text)',
    responses: { tools: [{ type: 'custom', name: 'look' }] },
  },
  {
    name: 'web search',
    chat: { web_search_options: {} },
    responses: { tools: [{ type: 'web_search' }] },
    messages: { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  },
  {
    name: 'JSON object',
    chat: { response_format: { type: 'json_object' } },
    responses: { text: { format: { type: 'json_object' } } },
  },
  {
    name: 'JSON schema',
    chat: { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: shape } } },
    responses: { text: { format: { type: 'json_schema', name: 'a', schema: shape } } },
    messages: { output_config: { format: { type: 'json_schema', schema: shape } } },
  },
  {
    name: 'image',
    chat: { messages: ask({ type: 'image_url', image_url: { url: PIXEL_URL } }) },
    responses: { input: ask({ type: 'input_image', image_url: PIXEL_URL }) },
    messages: { messages: ask({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } }) },
  },
  {
    name: 'PDF',
    chat: { messages: ask({ type: 'file', file: { file_data: PDF_URL, filename: 'a.pdf' } }) },
    responses: { input: ask({ type: 'input_file', file_data: PDF_URL, filename: 'a.pdf' }) },
    messages: {
      messages: ask({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } }),
    },
  },
  {
    name: 'audio',
    chat: { messages: ask({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }) },
    responses: { input: ask({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }) },
  },
  {
    name: 'reasoning',
    chat: { reasoning_effort: 'low' },
    responses: { reasoning: { effort: 'low', summary: 'auto' } },
    messages: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
  },
  { name: 'stop sequence', chat: { stop: ['END'] }, messages: { stop_sequences: ['END'] } },
  { name: 'two choices', chat: { n: 2 } },
  { name: 'temperature 0.5', ...all({ temperature: 0.5 }) },
  { name: 'temperature 1.5', ...both({ temperature: 1.5 }) },
  { name: 'top_p', ...all({ top_p: 0.5 }) },
  { name: 'top_k', messages: { top_k: 5 } },
  { name: 'seed', chat: { seed: 7 } },
  { name: 'penalties', chat: { presence_penalty: 0.5 } },
  { name: 'log probabilities', chat: { logprobs: true }, responses: { top_logprobs: 3 } },
  { name: 'logit_bias', chat: { logit_bias: { 5: 1 } } },
  { name: 'truncation', responses: { truncation: 'auto' } },
  { name: 'verbosity', chat: { verbosity: 'low' }, responses: { text: { verbosity: 'low' } } },
  { name: 'service tier flex', ...both({ service_tier: 'flex' }) },
  { name: 'metadata', ...both({ metadata: { a: 'b' } }) },
  { name: 'an unknown field', ...all({ novel: 1 }) },
];
