/** Where a text has its words from, as OpenAI's `annotations` say it. */
import type { JsonObject } from './json.ts';

/** A page of the web that part of the text stands on. */
export interface Citation {
  url: string;
  title: string;
  /** In characters of the whole text; the end is the first one after it. */
  start: number;
  end: number;
}

/** Characters as OpenAI counts them: those of Unicode, not of UTF-16. */
export function lengthInCharacters(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff) pairs += 1;
  }
  return text.length - pairs;
}

/** The fields of a message or a delta; none where nothing is cited. */
export function annotationsOf(citations: readonly Citation[]): { annotations?: JsonObject[] } {
  if (citations.length === 0) return {};
  const annotations = citations.map(({ url, title, start, end }) => ({
    type: 'url_citation',
    url_citation: { start_index: start, end_index: end, title, url },
  }));
  return { annotations };
}
