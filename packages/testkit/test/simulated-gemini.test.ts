/** `@google/generative-ai` against the simulated provider, and plain requests where its errors hide the wire. */
import { GoogleGenerativeAI, SchemaType } from '@google/generative-ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedProvider, startSimulatedProvider } from '../src/simulated-provider/index.ts';

let provider: SimulatedProvider;
beforeAll(async () => {
  provider = await startSimulatedProvider();
});
afterAll(() => provider.close());

const model = (parameters: object = {}) =>
  new GoogleGenerativeAI('any').getGenerativeModel({ model: 'gemini-x', ...parameters }, { baseUrl: provider.url });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${provider.url}/v1beta/models/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const contents = (text: string) => [{ role: 'user', parts: [{ text }] }];

test('an answer is the same whole and streamed, with the same usage', async () => {
  const whole = (await model().generateContent('Explain the tides')).response;
  const stream = await model().generateContentStream('Explain the tides');
  let chunks = 0;
  for await (const _chunk of stream.stream) chunks++;
  const joined = await stream.response;
  expect(whole.text()).toMatch(/^Simulated answer about “the tides”.*gemini-x/);
  expect(joined.text()).toBe(whole.text());
  expect(chunks).toBeGreaterThan(3);
  expect(joined.usageMetadata).toEqual(whole.usageMetadata);
  expect(joined.candidates?.[0]?.finishReason).toBe('STOP');
});

test('frames end in CR LF CR LF and the usage grows', async () => {
  const text = await (await post('gemini-x:streamGenerateContent?alt=sse', { contents: contents('Hello') })).text();
  const frames = text.split('\r\n\r\n').filter(Boolean);
  expect(frames.every((frame) => frame.startsWith('data: {') && !frame.includes('\n'))).toBe(true);
  const totals = frames.map((frame) => JSON.parse(frame.slice(6)).usageMetadata.totalTokenCount as number);
  expect(totals).toEqual([...totals].sort((a, b) => a - b));
  expect(new Set(totals).size).toBe(totals.length);
});

test('promptTokenCount includes the cache, thoughts stand beside the candidates', async () => {
  const knobs = '[[simulate input_tokens=500 cached_tokens=300 reasoning_tokens=30 length=10]]';
  const whole = await (await post('gemini-x:generateContent', { contents: contents(knobs) })).json();
  expect(whole).toMatchObject({
    usageMetadata: {
      promptTokenCount: 500,
      cachedContentTokenCount: 300,
      candidatesTokenCount: 10,
      thoughtsTokenCount: 30,
      totalTokenCount: 540,
    },
  });
});

test('maxOutputTokens ends an answer', async () => {
  const generationConfig = { maxOutputTokens: 9 };
  const whole = (await model({ generationConfig }).generateContent('Explain the tides')).response;
  expect(whole.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
  expect(whole.usageMetadata?.candidatesTokenCount).toBe(9);
});

test('functions are called whole and streamed alike', async () => {
  const tools = [
    {
      functionDeclarations: [
        {
          name: 'get_weather',
          parameters: { type: SchemaType.OBJECT, properties: { place_name: { type: SchemaType.STRING } } },
        },
      ],
    },
  ];
  const whole = (await model({ tools }).generateContent('How is the weather in Lima?')).response;
  expect(whole.functionCalls()).toEqual([{ name: 'get_weather', args: { place_name: 'Lima' } }]);
  const stream = await model({ tools }).generateContentStream('How is the weather in Lima?');
  const joined = await stream.response;
  expect(joined.functionCalls()).toEqual(whole.functionCalls());
  expect(joined.usageMetadata).toEqual(whole.usageMetadata);
});

test('a response schema is met, in snake_case too', async () => {
  const generation_config = {
    response_mime_type: 'application/json',
    response_schema: { type: 'OBJECT', properties: { first_name: { type: 'STRING' } } },
  };
  const answer = (await (
    await post('gemini-x:generateContent', { contents: contents('Who is Ada?'), generation_config })
  ).json()) as { candidates: { content: { parts: { text: string }[] } }[] };
  expect(JSON.parse(answer.candidates[0]?.content.parts[0]?.text ?? '')).toEqual({ first_name: 'Ada' });
});

test('errors have Google’s body', async () => {
  const limited = await post('gemini-x:generateContent', {
    contents: contents('[[simulate status=429 retry_after_s=34]]'),
  });
  expect(limited.status).toBe(429);
  expect(await limited.json()).toMatchObject({
    error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '34s' }] },
  });
  const empty = await post('gemini-x:generateContent', {});
  expect([empty.status, await empty.json()]).toMatchObject([
    400,
    { error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining('contents is not specified') } },
  ]);
  const knob = await post('gemini-x:generateContent', { contents: contents('Hi') }, { 'x-simulate': 'colour=red' });
  expect(await knob.json()).toMatchObject({ error: { message: expect.stringContaining("Unknown knob: 'colour'") } });
});

test('a cut reaches the caller', async () => {
  const response = await post('gemini-x:streamGenerateContent?alt=sse', {
    contents: contents('Hi [[simulate cut_after_tokens=3]]'),
  });
  await expect(response.text()).rejects.toThrow();
  expect(provider.requests.at(-1)).toMatchObject({ tokensSent: 3, aborted: null });
});
