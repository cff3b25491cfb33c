/** Google searches that an answer made: their fee is by the query from Gemini 3 on, by the request before. */
import { isObject, type JsonObject } from '../json.ts';
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
