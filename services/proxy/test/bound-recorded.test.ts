/** What the recorded answers say was read is never more than the bound of their requests. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { describe, expect, test } from 'vitest';
import { bound } from '../src/inference/bound.ts';
import { noExtras } from '../src/surfaces/extras.ts';
import { addText, emptySize, type InputSize } from '../src/surfaces/input-size.ts';
import { addAudio, addFile, addImage } from '../src/surfaces/media.ts';
import type { Demand } from '../src/surfaces/surface.ts';
import { loadCases, type RecordedCase, SHARED_CASES, SKIPPED } from './providers/recorded-cases.ts';
import { catalogueModel, StubBilling } from './stub-billing.ts';

// biome-ignore lint/suspicious/noExplicitAny: three providers' JSON
type Json = any;

/** Google keeps these, and no request shows how large they are. */
const KEPT_ELSEWHERE = ['file_id', 'fileData', 'file_data', 'cachedContent', 'cached_content'];
/** Tools of the provider that read what no request shows. */
const READS_MORE = /url_?context|code_?execution|google_?search|file_?search|web_(search|fetch)/i;

function addMedia(part: Json, size: InputSize): boolean {
  const inline = part?.inlineData ?? part?.inline_data;
  const mediaType = inline?.mimeType ?? inline?.mime_type ?? part?.source?.media_type;
  const data = inline?.data ?? part?.source?.data;
  if (part?.type === 'image_url') addImage(size, part.image_url.url, part.image_url.detail === 'low');
  else if (part?.type === 'input_audio') addAudio(size, part.input_audio.data);
  else if (part?.type === 'file' && part.file?.file_data) addImage(size, part.file.file_data, false);
  else if (part?.source?.type === 'url') size.images += 1;
  else if (typeof data === 'string' && String(mediaType).startsWith('image/'))
    addImage(size, `data:${mediaType};base64,${data}`, false);
  else if (typeof data === 'string') addFile(size, mediaType, data);
  else return false;
  return true;
}

/** Every string of a request in any form is text, but for the data of its media. */
function measure(body: Json): InputSize {
  const size = emptySize();
  const texts: unknown[] = [];
  const walk = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return void texts.push(value);
    if (addMedia(value, size)) return;
    if (Array.isArray(value)) for (const item of value) walk(item);
    else
      for (const [key, item] of Object.entries(value)) {
        if (KEPT_ELSEWHERE.includes(key)) size.unbounded = true;
        texts.push(key);
        walk(item);
      }
  };
  walk(body);
  addText(size, texts);
  size.messages = (body.messages ?? body.contents ?? []).length + 1;
  size.tools = (body.tools ?? []).length;
  return size;
}

function demandOf({ request }: RecordedCase): Demand {
  const extras = noExtras();
  if (READS_MORE.test(JSON.stringify((request as Json).tools ?? []))) extras.serverTools = { param: 'tools' };
  const input = measure(request);
  return {
    input,
    inputField: 'messages',
    schemaField: null,
    outputTokensWanted: null,
    outputTokensMin: 0,
    outputHidden: false,
    choices: 1,
    extras,
  };
}

const INPUT_READ: Record<ProviderName, number> = { openai: 30, anthropic: 30, gemini: 30 };

const shared = loadCases(SHARED_CASES);
const asked = (shared ?? []).filter(({ request, expected, status }) => request && expected.usage && status === 200);

describe.skipIf(!shared)(`the bound of recorded requests${shared ? '' : SKIPPED}`, () => {
  test.each(asked.map((recorded) => [recorded.id, recorded] as const))('%s', (_id, recorded) => {
    const { expected, provider, model } = recorded;
    const deployment = {
      model: catalogueModel({
        provider,
        upstreamModel: model,
        contextTokens: 1_000_000,
        pricedReach: { serviceTiers: ['standard'], meters: ['server_tool_call', 'output_image'] },
      }),
      api: provider,
      simulated: false,
      server: { baseUrl: 'http://provider.test', fromDirectory: false },
      keyName: null,
    };
    const searches = expected.usage?.server_tool_use?.web_search_requests ?? 5;
    const limits = { serverToolCallsMax: Math.max(1, searches), serverToolResultTokens: 10_000 };
    const { principal } = new StubBilling();
    const { inputTokensMax } = bound(demandOf(recorded), deployment, { streamed: false, principal, limits });
    const { input_tokens: read = 0, tool_use_prompt_tokens: added = 0 } = expected.usage ?? {};
    expect(inputTokensMax).toBeGreaterThanOrEqual(read + added);
  });

  test('there are enough of them', () => {
    const counts = Map.groupBy(asked, ({ provider }) => provider);
    for (const [provider, least] of Object.entries(INPUT_READ))
      expect(counts.get(provider as ProviderName)?.length ?? 0).toBeGreaterThanOrEqual(least);
  });
});
