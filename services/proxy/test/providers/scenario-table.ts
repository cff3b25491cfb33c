/** The table provider x scenario: how many cases of each pass, or with which parameter an adapter refuses. */
import { PROVIDERS, type ProviderName } from '@cloudfreedom/contracts';
import { type ChatRequest, chatRequest } from '../../src/providers/chat-request.ts';
import { adapters } from '../../src/providers/registry.ts';
import type { RecordedCase } from './recorded-cases.ts';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
const schema = { name: 'a', schema: { type: 'object', properties: {}, additionalProperties: false } };
const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: PIXEL } }] }];
const result = [
  { role: 'user', content: 'x' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '' } }],
  },
  { role: 'tool', tool_call_id: 'call_1', content: 'y' },
];

interface Scenario {
  name: string;
  /** What a request for it adds to a plain one. */
  request: Record<string, unknown>;
  cases?: (recorded: RecordedCase) => boolean;
  /** Each adapter has a case of its own for it. */
  own?: boolean;
}

const named = (pattern: RegExp) => (recorded: RecordedCase) => recorded.status < 400 && pattern.test(recorded.id);

const SCENARIOS: Scenario[] = [
  { name: 'text', request: {}, cases: ({ status, streamed }) => status < 400 && !streamed, own: true },
  { name: 'stream', request: { stream: true }, cases: ({ streamed }) => streamed, own: true },
  { name: 'unicode', request: {}, cases: named(/unicode|utf8|emoji|non-ascii/), own: true },
  {
    name: 'system and developer',
    request: { messages: [{ role: 'developer', content: 'a' }, ...result] },
    cases: named(/system|developer/),
  },
  { name: 'tools', request: { tools }, cases: ({ expected }) => Boolean(expected.tool_calls?.length), own: true },
  { name: 'parallel tools', request: { tools, parallel_tool_calls: true }, cases: named(/parallel/), own: true },
  { name: 'one tool at a time', request: { tools, parallel_tool_calls: false } },
  { name: 'tool without arguments', request: { tools }, cases: named(/no-args/), own: true },
  { name: 'tool results', request: { tools, messages: result }, cases: named(/tool-result/) },
  { name: 'tool choice', request: { tools, tool_choice: 'required' }, cases: named(/tool-(choice|config)/) },
  { name: 'JSON object', request: { response_format: { type: 'json_object' } }, cases: named(/json-object/) },
  {
    name: 'JSON schema',
    request: { response_format: { type: 'json_schema', json_schema: schema } },
    cases: named(/schema|structured|output-format/),
  },
  { name: 'image', request: { messages: image }, cases: named(/image-in|inline-data/) },
  { name: 'max tokens', request: { max_tokens: 3 }, cases: named(/max-tokens/), own: true },
  { name: 'stop', request: { stop: ['END'] }, cases: named(/stop-sequence/) },
  { name: 'n = 2', request: { n: 2 }, cases: named(/n-choices|candidate-count/) },
  { name: 'temperature 0.5', request: { temperature: 0.5 } },
  { name: 'temperature 1.5', request: { temperature: 1.5 } },
  { name: 'seed', request: { seed: 7 } },
  { name: 'penalties', request: { presence_penalty: 0.5 } },
  { name: 'logprobs', request: { logprobs: true }, cases: named(/logprobs/) },
  { name: 'logit_bias', request: { logit_bias: { 5: 1 } } },
  { name: 'reasoning', request: { reasoning_effort: 'low' }, cases: named(/reasoning|thinking/), own: true },
  { name: 'refusal or block', request: {}, cases: named(/refusal|safety|blocked|recitation/), own: true },
  { name: 'cache', request: {}, cases: named(/cach/), own: true },
  {
    name: 'server tools',
    request: { web_search_options: {} },
    cases: named(/search|url-context|code-execution|pause-turn|server-tool/),
  },
  { name: 'error by status', request: {}, cases: ({ status }) => status >= 400, own: true },
  {
    name: 'error in the stream',
    request: {},
    cases: ({ status, expected }) => status < 400 && Boolean(expected.error),
    own: true,
  },
  { name: 'cut stream', request: {}, cases: ({ expected }) => Boolean(expected.incomplete), own: true },
];

export function caseScenarios(recorded: RecordedCase): string[] {
  return SCENARIOS.filter((scenario) => scenario.cases?.(recorded)).map((scenario) => scenario.name);
}

const MODELS = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-5', gemini: 'gemini-2.5-flash' };

function requestOf(fields: Record<string, unknown>): ChatRequest {
  return chatRequest.parse({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...fields });
}

function canAsk(provider: ProviderName, fields: Record<string, unknown>): string {
  const call = { request: requestOf(fields), upstreamModel: MODELS[provider], outputTokensCap: 4000 };
  const built = adapters[provider].buildRequest(call);
  return 'unsupported' in built ? `refused (${built.unsupported.param})` : 'ok';
}

export interface Results {
  begin(provider: ProviderName, scenario: string): void;
  pass(provider: ProviderName, scenario: string): void;
  /** Scenarios that should have a case and have none. */
  missing(): string[];
  print(): string;
}

export function scenarioTable(): Results {
  const begun = new Map<string, number>();
  const passed = new Map<string, number>();
  const keyOf = (provider: string, scenario: string) => `${provider}: ${scenario}`;
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

  function cell(provider: ProviderName, scenario: Scenario): string {
    const key = keyOf(provider, scenario.name);
    const cases = begun.has(key) ? `, ${passed.get(key) ?? 0}/${begun.get(key)} cases` : '';
    return `${canAsk(provider, scenario.request)}${cases}`;
  }

  return {
    begin: (provider, scenario) => add(begun, keyOf(provider, scenario)),
    pass: (provider, scenario) => add(passed, keyOf(provider, scenario)),
    missing: () =>
      SCENARIOS.filter((scenario) => scenario.own).flatMap((scenario) =>
        PROVIDERS.map((provider) => keyOf(provider, scenario.name)).filter((key) => !begun.has(key)),
      ),
    print: () =>
      [['scenario', ...PROVIDERS], ...SCENARIOS.map((row) => [row.name, ...PROVIDERS.map((name) => cell(name, row))])]
        .map((row) =>
          row
            .map((text) => text.padEnd(40))
            .join('')
            .trimEnd(),
        )
        .join('\n'),
  };
}
