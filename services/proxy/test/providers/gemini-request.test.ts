/** What a client's request becomes for Gemini. */
import { describe, expect, it } from 'vitest';
import { adapters } from '../../src/providers/registry.ts';
import { bodyOf, build, hello, PIXEL, toolLoop, weather } from './built-request.ts';

const allowed = (mode: string) => ({
  type: 'allowed_tools',
  allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'now' } }] },
});

describe('gemini', () => {
  it('translates every generation field', () => {
    const fields = {
      n: 2,
      temperature: 1.5,
      top_p: 0.5,
      stop: 'X',
      seed: 7,
      presence_penalty: 0.5,
      frequency_penalty: 0.25,
    };
    const messages = [{ role: 'system', content: 'A' }, ...hello];
    expect(bodyOf('gemini', { ...fields, messages, max_tokens: 9 }, { cap: 50 })).toEqual({
      systemInstruction: { parts: [{ text: 'A' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: {
        maxOutputTokens: 50,
        candidateCount: 2,
        temperature: 1.5,
        topP: 0.5,
        stopSequences: ['X'],
        seed: 7,
        presencePenalty: 0.5,
        frequencyPenalty: 0.25,
      },
    });
  });

  it('names the model in the path, whatever it is called', () => {
    const path = (model: string, stream: boolean) => build('gemini', { stream }, { model });
    expect(path('gemini-2.5-flash', false)).toMatchObject({ path: '/v1beta/models/gemini-2.5-flash:generateContent' });
    expect(path('models/x/../y?z', true)).toMatchObject({
      path: '/v1beta/models/x%2F..%2Fy%3Fz:streamGenerateContent?alt=sse',
    });
    expect(adapters.gemini.authenticate('k')).toEqual({ 'x-goog-api-key': 'k' });
  });

  it('names the function of each result and keeps signatures', () => {
    const messages = structuredClone(toolLoop);
    Object.assign(messages[1]?.tool_calls?.[0] ?? {}, { extra_content: { google: { thought_signature: 'sig' } } });
    expect(bodyOf('gemini', { messages, tools: [weather] }).contents.slice(1)).toEqual([
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'call_1', name: 'get_weather', args: { city: 'Kiel' } }, thoughtSignature: 'sig' },
          { functionCall: { id: 'call:2', name: 'get_weather', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'call_1', name: 'get_weather', response: { degrees: 9 } } },
          { functionResponse: { id: 'call:2', name: 'get_weather', response: { result: 'sunny' } } },
          { text: 'Thanks' },
        ],
      },
    ]);
  });

  it('marks the first call of a turn whose signature is lost, for models that ask for one', () => {
    const parts = bodyOf('gemini', { messages: toolLoop }, { model: 'gemini-3-flash-preview' }).contents[1].parts;
    expect(parts.map((part: { thoughtSignature?: string }) => part.thoughtSignature)).toEqual([
      'skip_thought_signature_validator',
      undefined,
    ]);
  });

  it('takes images, files and audio inline', () => {
    const content = [
      { type: 'image_url', image_url: { url: PIXEL } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==', filename: 'a.pdf' } },
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    ];
    expect(bodyOf('gemini', { messages: [{ role: 'user', content }] }).contents[0].parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
      { inlineData: { mimeType: 'application/pdf', data: 'JVBERg==' } },
      { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } },
    ]);
  });

  it.each([
    ['auto', false, undefined],
    ['auto', true, { mode: 'VALIDATED' }],
    ['none', false, { mode: 'NONE' }],
    ['required', false, { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'get_weather' } },
      false,
      { mode: 'ANY', allowedFunctionNames: ['get_weather'] },
    ],
    [allowed('required'), false, { mode: 'ANY', allowedFunctionNames: ['now'] }],
    [allowed('auto'), false, { mode: 'VALIDATED', allowedFunctionNames: ['now'] }],
  ])('translates tool_choice %j, strict %s', (choice, strict, expected) => {
    const tool = { ...weather, function: { ...weather.function, strict } };
    const body = bodyOf('gemini', {
      tools: [tool, { type: 'function', function: { name: 'now' } }],
      tool_choice: choice,
    });
    expect(body.toolConfig?.functionCallingConfig).toEqual(expected);
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'get_weather', description: 'Weather of a place', parametersJsonSchema: weather.function.parameters },
          { name: 'now' },
        ],
      },
    ]);
  });

  it.each([
    ['gemini-2.5-flash', 'none', 4000, { thinkingBudget: 0 }],
    ['gemini-2.5-flash', 'low', 4000, { includeThoughts: true, thinkingBudget: 1024 }],
    ['gemini-2.5-pro', 'high', 4000, { includeThoughts: true, thinkingBudget: 3200 }],
    ['gemini-2.5-pro', 'high', 100, { includeThoughts: true }],
    ['gemini-3-pro-preview', 'high', 4000, { includeThoughts: true, thinkingLevel: 'high' }],
  ])('%s reasons with effort %s under a cap of %i', (model, effort, cap, expected) => {
    const config = bodyOf('gemini', { reasoning_effort: effort }, { model, cap }).generationConfig;
    expect(config.thinkingConfig).toEqual(expected);
  });

  it('asks for JSON with and without a schema', () => {
    const schema = { type: 'object', properties: {} };
    const format = { type: 'json_schema', json_schema: { name: 'a', schema } };
    expect(bodyOf('gemini', { response_format: format }).generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
    const config = bodyOf('gemini', { response_format: { type: 'json_object' } }).generationConfig;
    expect(config).toEqual({ maxOutputTokens: 4000, responseMimeType: 'application/json' });
  });
});
