/** Pages that an answer stands on reach the client as OpenAI's `annotations`, whole and streamed alike. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { describe, expect, it } from 'vitest';
import type { AnswerContext } from '../../src/providers/provider.ts';
import { adapters } from '../../src/providers/registry.ts';
import { cutBytes, observeStream } from './observed-answer.ts';

const context: AnswerContext = {
  completionId: 'chatcmpl-t',
  created: 1,
  publicModel: 'model',
  upstreamModel: 'model',
  request: { model: 'model', messages: [{ role: 'user', content: 'x' }], web_search_options: {} },
};
const citation = (url: string, title: string, start: number, end: number) => ({
  type: 'url_citation',
  url_citation: { start_index: start, end_index: end, title, url },
});

function wholeAnnotations(provider: ProviderName, body: unknown) {
  const answer = adapters[provider].readAnswer(JSON.stringify(body), context);
  if ('failure' in answer) throw new Error(answer.failure.message);
  // biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
  return (answer.completion.choices as any[])[0].message.annotations;
}

function streamedAnnotations(provider: ProviderName, events: unknown[], places: number[] = []) {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const observed = observeStream(adapters[provider], cutBytes(Buffer.from(text), places), context);
  expect(observed.state.complete).toBe(true);
  // biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
  return observed.chunks.flatMap(({ choices }) => choices.flatMap((choice) => (choice as any).delta.annotations ?? []));
}

describe('anthropic', () => {
  const place = (url: string, title: string) => ({ type: 'web_search_result_location', url, title, cited_text: 'c' });
  const cited = [place('https://a.example', 'A'), place('https://a.example', 'A'), place('https://b.example', 'B')];
  const inDocument = { type: 'char_location', cited_text: 'c', document_index: 0, document_title: 'D' };
  // 🌧 is one character of Unicode, two of UTF-16.
  const expected = [citation('https://a.example', 'A', 4, 12), citation('https://b.example', 'B', 4, 12)];

  it('cites the block of text, each page once', () => {
    const content = [
      { type: 'text', text: 'Oh: ', citations: [inDocument] },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'text', text: 'Regen 🌧!', citations: cited },
      { type: 'text', text: ' Bye.' },
    ];
    expect(wholeAnnotations('anthropic', { content, stop_reason: 'end_turn' })).toEqual(expected);
    expect(wholeAnnotations('anthropic', { content: [content[3]], stop_reason: 'end_turn' })).toBeUndefined();
  });

  it('cites in a stream when the block ends', () => {
    const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
    const block = (index: number, ...deltas: object[]) => [
      { type: 'content_block_start', index, content_block: { type: 'text', text: '', citations: [] } },
      ...deltas.map((fields) => delta(index, fields)),
      { type: 'content_block_stop', index },
    ];
    const words = (text: string) => ({ type: 'text_delta', text });
    const events = [
      { type: 'message_start', message: { usage: { input_tokens: 1, output_tokens: 1 } } },
      ...block(0, words('Oh: ')),
      ...block(
        1,
        ...cited.map((found) => ({ type: 'citations_delta', citation: found })),
        words('Regen'),
        words(' 🌧!'),
      ),
      ...block(2, words(' Bye.')),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    ];
    expect(streamedAnnotations('anthropic', events)).toEqual(expected);
    expect(streamedAnnotations('anthropic', events, [40, 333, 500])).toEqual(expected);
  });
});

describe('gemini', () => {
  // Places are bytes: ü has two, 🌧 four.
  const groundingMetadata = {
    webSearchQueries: ['q'],
    groundingChunks: [
      { web: { uri: 'https://a.example', title: 'A' } },
      { web: { uri: 'https://b.example', title: 'B' } },
      { retrievedContext: { uri: 'gs://c', title: 'C' } },
    ],
    groundingSupports: [
      { segment: { endIndex: 6, text: 'Kühl.' }, groundingChunkIndices: [0] },
      { segment: { startIndex: 7, endIndex: 18, text: 'Regen 🌧.' }, groundingChunkIndices: [0, 1, 2] },
      { segment: { startIndex: 700, endIndex: 900, text: 'nowhere' }, groundingChunkIndices: [0] },
    ],
  };
  const expected = [
    citation('https://a.example', 'A', 0, 5),
    citation('https://a.example', 'A', 6, 14),
    citation('https://b.example', 'B', 6, 14),
  ];
  const candidate = (text: string, fields: object = {}) => ({
    candidates: [{ index: 0, content: { parts: [{ text }], role: 'model' }, ...fields }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
  });

  it('turns bytes into characters', () => {
    const body = candidate('Kühl. Regen 🌧.', { finishReason: 'STOP', groundingMetadata });
    expect(wholeAnnotations('gemini', body)).toEqual(expected);
  });

  it('finds the words where the answer has a part before them', () => {
    const body = candidate('', { finishReason: 'STOP', groundingMetadata });
    body.candidates[0]?.content.parts.splice(0, 1, { text: 'Oh: ' }, { text: 'Kühl. Regen 🌧.' });
    expect(wholeAnnotations('gemini', body)).toEqual(
      expected.map(({ url_citation: { url, title, start_index, end_index } }) =>
        citation(url, title, start_index + 4, end_index + 4),
      ),
    );
  });

  it('cites at the end of a stream', () => {
    const events = [
      candidate('Kü'),
      candidate('hl. Regen '),
      candidate('🌧.', { finishReason: 'STOP', groundingMetadata }),
    ];
    expect(streamedAnnotations('gemini', events)).toEqual(expected);
    expect(streamedAnnotations('gemini', events, [60, 61, 300])).toEqual(expected);
  });
});

describe.each(['anthropic', 'gemini'] as const)('%s takes its own citations back', (provider) => {
  it('as notes that say nothing new', () => {
    const annotations = [citation('https://a.example', 'A', 0, 1)];
    const messages = [
      { role: 'user' as const, content: 'x' },
      { role: 'assistant' as const, content: 'y', annotations },
      { role: 'user' as const, content: 'z' },
    ];
    const request = { model: 'm', messages };
    const built = adapters[provider].buildRequest({ request, upstreamModel: 'model-9', outputTokensCap: 9 });
    expect('body' in built && built.body).not.toContain('a.example');
    expect(built).not.toHaveProperty('unsupported');
  });
});
