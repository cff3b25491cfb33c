/** Google searches that an answer made, and the pages its text stands on. The fee of a search is by the query from Gemini 3 on, by the request before. */
import { type Citation, lengthInCharacters } from '../citation.ts';
import { countIn, isObject, type JsonObject, objectsIn, textIn } from '../json.ts';
import { versionOf } from './thinking.ts';

/** No answer makes more. */
const QUERIES_MAX = 1_000;

export interface SearchCount {
  /** A candidate of an answer, or of an event of a stream, which may repeat the queries. */
  note(candidate: JsonObject): void;
  readonly calls: number;
}

export function createSearchCount(upstreamModel: string): SearchCount {
  const queries = new Set<string>();
  const byQuery = versionOf(upstreamModel) >= 3;
  return {
    note({ groundingMetadata }) {
      const found = isObject(groundingMetadata) ? groundingMetadata.webSearchQueries : undefined;
      if (!Array.isArray(found)) return;
      for (const query of found) if (typeof query === 'string' && queries.size < QUERIES_MAX) queries.add(query);
    },
    get calls() {
      return byQuery ? queries.size : Math.min(queries.size, 1);
    },
  };
}

const CITATIONS_MAX = 1_000;

/**
 * @param text the whole text of the candidate, its parts joined
 * @param grounding its `groundingMetadata`, whose places are UTF-8 bytes of a part
 */
export function citationsOf(text: string, grounding: unknown): Citation[] {
  if (!isObject(grounding)) return [];
  const pages = objectsIn(grounding.groundingChunks).map(({ web }) => (isObject(web) ? web : {}));
  const bytes = Buffer.from(text);
  const citations: Citation[] = [];
  for (const { segment, groundingChunkIndices: indices } of objectsIn(grounding.groundingSupports)) {
    const place = isObject(segment) ? placeOf(segment, text, bytes) : null;
    if (!place || !Array.isArray(indices)) continue;
    for (const index of indices) {
      const page = pages[Number(index)];
      const url = textIn(page?.uri);
      if (url && citations.length < CITATIONS_MAX) citations.push({ url, title: textIn(page?.title), ...place });
    }
  }
  return citations;
}

/** Where the answer has several parts, the bytes say less than the words that are quoted. */
function placeOf(segment: JsonObject, text: string, bytes: Buffer): { start: number; end: number } | null {
  const words = textIn(segment.text);
  const from = countIn(segment.startIndex) ?? 0;
  const to = countIn(segment.endIndex) ?? 0;
  const found = bytes.subarray(from, to).toString();
  const before = found === words || words === '' ? bytes.subarray(0, from).toString() : null;
  const at = text.indexOf(words);
  if (before === null && at < 0) return null;
  const start = lengthInCharacters(before ?? text.slice(0, at));
  const length = lengthInCharacters(words || found);
  return length > 0 ? { start, end: start + length } : null;
}
