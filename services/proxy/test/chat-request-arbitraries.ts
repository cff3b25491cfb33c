/** Chat requests that are nearly right, for fast-check. */
import fc from 'fast-check';

/** Values that trip careless code. */
export const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -0,
    -1,
    1.5,
    1e308,
    5e-324,
    2 ** 53,
    true,
    [],
    {},
    [[]],
    '\u0000',
    '\ud800',
    'NaN',
  ),
  fc.constantFrom<unknown>({ type: 'function' }, { type: 'text' }, [{ role: 'user' }], { toString: 1 }, { length: -1 }),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
export const FIELDS = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'user',
  'metadata',
  'service_tier',
  'modalities',
  'audio',
  'functions',
  'function_call',
  'logit_bias',
  'store',
  'prediction',
  'web_search_options',
  'verbosity',
];
const part = fc.oneof(
  { weight: 8, arbitrary: fc.string().map((text) => ({ type: 'text', text })) },
  { weight: 2, arbitrary: fc.webUrl().map((url) => ({ type: 'image_url', image_url: { url } })) },
  {
    weight: 2,
    arbitrary: fc
      .base64String()
      .map((data) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } })),
  },
  {
    weight: 1,
    arbitrary: fc.base64String().map((data) => ({ type: 'input_audio', input_audio: { data, format: 'wav' } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .base64String()
      .map((data) => ({ type: 'file', file: { file_data: `data:application/pdf;base64,${data}` } })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('text', 'image_url', 'file', 'input_audio', 'refusal', 'video'),
      text: strange,
    }),
  },
);
const content = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 30 }) },
  { weight: 4, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: strange },
);
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: strange });
const call = fc.record({
  id: mostly(fc.constantFrom('call_1', 'call_2', 'call ü')),
  type: fc.constant('function'),
  function: fc.record({
    name: mostly(fc.constant('f')),
    arguments: mostly(fc.oneof(fc.json(), fc.constantFrom('', '{}', '{"a":1}'))),
  }),
});
const odd = fc.record(
  {
    name: strange,
    refusal: strange,
    thinking_blocks: strange,
    reasoning_content: strange,
    extra_content: strange,
    annotations: strange,
    images: strange,
    cache_control: strange,
  },
  { requiredKeys: [] },
);
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ role: mostly(fc.constantFrom('system', 'developer', 'user', 'assistant')), content }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ role: fc.constant('assistant'), tool_calls: mostly(fc.array(call, { maxLength: 3 })) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      role: fc.constant('tool'),
      content,
      tool_call_id: mostly(fc.constantFrom('call_1', 'call_2')),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(odd, content).map(([fields, said]) => ({ role: 'assistant', content: said, ...fields })),
  },
);
const someTool = fc.record({
  type: fc.constant('function'),
  function: fc.record(
    {
      name: fc.constantFrom('f', 'g', 'get_weather'),
      parameters: mostly(fc.dictionary(fc.string(), strange)),
      strict: mostly(fc.boolean()),
    },
    { requiredKeys: ['name'] },
  ),
});

/** @param models public names */
export const chatRequests = (models: readonly string[]) =>
  fc
    .record({
      model: fc.constantFrom(...models),
      messages: fc.oneof(
        { weight: 3, arbitrary: fc.array(message, { minLength: 1, maxLength: 5 }) },
        { weight: 1, arbitrary: fc.constant([{ role: 'user', content: 'Hello' }]) },
      ),
      stream: fc.boolean(),
      tools: fc.option(fc.array(someTool, { maxLength: 3 }), { nil: undefined }),
      changes: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), fc.string({ minLength: 1 })), strange), {
        maxLength: 3,
      }),
    })
    .map(({ changes, ...fields }) => ({ ...fields, ...Object.fromEntries(changes) }));
