/** The real `openai` SDK against the simulated provider. */
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SimulatedProvider, startSimulatedProvider } from '../src/simulated-provider/index.ts';

let provider: SimulatedProvider;
let client: OpenAI;

beforeAll(async () => {
  provider = await startSimulatedProvider();
  client = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => provider.close());

const ask = (content: string) => [{ role: 'user' as const, content }];

async function streamed(body: Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'stream' | 'stream_options'>) {
  const stream = await client.chat.completions.create({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return {
    text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
    finish: chunks.flatMap((chunk) => chunk.choices[0]?.finish_reason ?? []),
    usage: chunks.flatMap((chunk) => chunk.usage ?? []),
    chunks,
  };
}

async function failure(work: Promise<unknown>): Promise<APIError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  },
};

describe('answers', () => {
  test('say that they are simulated, in the language of the prompt, about its topic', async () => {
    const english = await client.chat.completions.create({ model: 'gpt-x', messages: ask('What is a heat pump?') });
    expect(english.choices[0]?.message.content).toMatch(/^Simulated answer about “a heat pump”.*gpt-x/);
    const german = await client.chat.completions.create({ model: 'gpt-x', messages: ask('Was ist eine Wärmepumpe?') });
    expect(german.choices[0]?.message.content).toMatch(/^Simulierte Antwort zu „eine Wärmepumpe“/);
  });

  test('are the same whole and streamed, with the same usage, and one finish reason', async () => {
    const body = { model: 'gpt-x', messages: ask('Explain the tides 🌊 für Anfänger, please') };
    const whole = await client.chat.completions.create(body);
    const stream = await streamed(body);
    expect(stream.text).toBe(whole.choices[0]?.message.content);
    expect(stream.usage).toEqual([whole.usage]);
    expect(stream.finish).toEqual(['stop']);
    expect(whole.usage?.completion_tokens).toBe(Math.ceil(Array.from(stream.text).length / 4));
    expect(stream.chunks.length).toBeGreaterThan(20);
  });

  test('without include_usage no chunk names any usage', async () => {
    const stream = await client.chat.completions.create({ model: 'gpt-x', messages: ask('Hello'), stream: true });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
  });

  test('end at the output cap, reasoning counted', async () => {
    const cut = await client.chat.completions.create({
      model: 'gpt-x',
      messages: ask('Hello [[simulate reasoning_tokens=6]]'),
      max_completion_tokens: 10,
    });
    expect(cut.choices[0]?.finish_reason).toBe('length');
    expect(cut.usage?.completion_tokens).toBe(10);
    expect(cut.usage?.completion_tokens_details?.reasoning_tokens).toBe(6);
    expect(cut.choices[0]?.message.content).toHaveLength(16);
  });

  test('a length is met exactly; several choices are paid for each', async () => {
    const stream = await streamed({ model: 'gpt-x', messages: ask('Tides [[simulate length=300]]'), n: 2 });
    expect(stream.usage[0]?.completion_tokens).toBe(600);
    const second = stream.chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === 1);
    expect(second.map((choice) => choice.delta.content ?? '').join('')).toHaveLength(1200);
    expect(second.at(-1)?.finish_reason).toBe('stop');
  });

  test('reported usage can be set', async () => {
    const answer = await client.chat.completions.create(
      { model: 'gpt-x', messages: ask('Hello') },
      { headers: { 'x-simulate': 'input_tokens=1000; output_tokens=77; cached_tokens=900' } },
    );
    expect(answer.usage).toMatchObject({
      prompt_tokens: 1000,
      completion_tokens: 77,
      total_tokens: 1077,
      prompt_tokens_details: { cached_tokens: 900 },
    });
  });

  test('a picture costs input tokens', async () => {
    const text = { type: 'text' as const, text: 'What is this?' };
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } };
    const tokens = async (content: OpenAI.ChatCompletionContentPart[]) =>
      (await client.chat.completions.create({ model: 'gpt-x', messages: [{ role: 'user', content }] })).usage
        ?.prompt_tokens ?? 0;
    expect((await tokens([text, image])) - (await tokens([text]))).toBe(765);
  });

  test('JSON answers parse and fit their schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        kind: { enum: ['warm', 'cold'] },
        days: { type: 'array', items: { $ref: '#/$defs/day' }, minItems: 2 },
      },
      $defs: { day: { type: 'object', properties: { degrees: { type: 'integer', minimum: -5 } } } },
    };
    const answer = await client.chat.completions.create({
      model: 'gpt-x',
      messages: ask('How is the weather in New York?'),
      response_format: { type: 'json_schema', json_schema: { name: 'weather', schema } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
      city: 'New York',
      kind: 'warm',
      days: [{ degrees: -5 }, { degrees: -5 }],
    });
    const loose = await streamed({ model: 'gpt-x', messages: ask('Tides'), response_format: { type: 'json_object' } });
    expect(JSON.parse(loose.text)).toMatchObject({ simulated: true });
  });

  test('models are listed', async () => {
    const names: string[] = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names.length).toBeGreaterThan(0);
  });
});

describe('tools', () => {
  const body = { model: 'gpt-x', messages: ask('What is the weather in Paris?'), tools: [WEATHER] };

  test('are called when the prompt touches them, whole and streamed alike', async () => {
    const whole = await client.chat.completions.create(body);
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_weather', arguments: '{"location":"Paris"}' } });
    expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
    const stream = await streamed(body);
    const parts = stream.chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(parts.map((part) => part.function?.arguments ?? '').join('')).toBe('{"location":"Paris"}');
    expect(stream.finish).toEqual(['tool_calls']);
    expect(stream.usage).toEqual([whole.usage]);
  });

  test('their result gets words for an answer', async () => {
    const answer = await client.chat.completions.create({
      ...body,
      messages: [
        ...body.messages,
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'sunny, 21 degrees' },
      ],
    });
    expect(answer.choices[0]?.message.content).toContain('The tool answered: sunny, 21 degrees');
  });

  test('several calls by a knob; none for another topic or by tool_choice none', async () => {
    const two = await client.chat.completions.create({ ...body, messages: ask('Hi [[simulate tool_calls=2]]') });
    expect(two.choices[0]?.message.tool_calls).toHaveLength(2);
    const other = await client.chat.completions.create({ ...body, messages: ask('Tell me about tides') });
    expect(other.choices[0]?.finish_reason).toBe('stop');
    const none = await client.chat.completions.create({ ...body, tool_choice: 'none' });
    expect(none.choices[0]?.finish_reason).toBe('stop');
  });
});

describe('faults', () => {
  test('an error by status has the provider’s body and tells when to come again', async () => {
    const error = await failure(
      client.chat.completions.create({
        model: 'gpt-x',
        messages: ask('Hello [[simulate status=429 retry_after_s=20]]'),
      }),
    );
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
    expect(error.headers?.get('retry-after')).toBe('20');
  });

  test('what is missing or wrong is named', async () => {
    const empty = await failure(client.chat.completions.create({ model: 'gpt-x' } as never));
    expect(empty).toMatchObject({ status: 400, param: 'messages' });
    const wrong = await failure(
      client.chat.completions.create({ model: 'gpt-x', messages: [{ role: 'user', content: 7 }] } as never),
    );
    expect(wrong).toMatchObject({ status: 400, param: 'messages[0].content' });
    const knob = await failure(
      client.chat.completions.create({ model: 'gpt-x', messages: ask('[[simulate speed=9]]') }),
    );
    expect(knob).toMatchObject({ status: 400, param: 'speed' });
    expect(knob.message).toContain("Unknown knob: 'speed'");
    const value = await failure(
      client.chat.completions.create({ model: 'gpt-x', messages: ask('[[simulate length=many]]') }),
    );
    expect(value).toMatchObject({ status: 400, param: 'length' });
    const unset = await failure(
      client.chat.completions.create({ model: 'gpt-x', messages: ask('[[simulate length=]]') }),
    );
    expect(unset).toMatchObject({ status: 400, param: 'length' });
  });

  test('a cut comes after exactly so many tokens, without an end', async () => {
    const body = { model: 'gpt-x', messages: ask('Hello [[simulate cut_after_tokens=5]]'), stream: true as const };
    const stream = await client.chat.completions.create(body);
    let text = '';
    const read = async () => {
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        expect(chunk.choices[0]?.finish_reason).toBeNull();
      }
    };
    await expect(read()).rejects.toThrow();
    expect(text).toBe('Simulated answer abo');
    expect(provider.requests.at(-1)).toMatchObject({ tokensSent: 5, aborted: null });
    await expect(client.chat.completions.create({ ...body, stream: false })).rejects.toThrow();
  });

  test('an error inside a stream is thrown by the SDK', async () => {
    const body = { model: 'gpt-x', messages: ask('Hello [[simulate error_after_tokens=3]]') };
    await expect(streamed(body)).rejects.toThrow(/server had an error/);
    await failure(client.chat.completions.create(body)).then((error) => expect(error.status).toBe(500));
  });

  test('a hanging request gives nothing until the client gives up', async () => {
    const work = client.chat.completions.create(
      { model: 'gpt-x', messages: ask('Hello [[simulate hang_after_tokens=0]]') },
      { timeout: 150 },
    );
    await expect(work).rejects.toThrow(/timed out/i);
    await expect.poll(() => provider.requests.at(-1)?.aborted).toBeInstanceOf(Date);
  });
});
