/** Anthropic cites at the end of a block of text; the block is what the citation is of. */
import { type Citation, lengthInCharacters } from '../citation.ts';
import { type JsonObject, textIn } from '../json.ts';

/** No block has more. */
const CITATIONS_MAX = 1_000;

export interface CitationCount {
  /** Text of the block that is being read. */
  addText(text: string): void;
  /** Only pages of the web have a place in OpenAI's message. */
  addCitation(citation: JsonObject): void;
  /** The block ends. @returns what it cites, each page once */
  endBlock(): Citation[];
}

export function createCitationCount(): CitationCount {
  let start = 0;
  let end = 0;
  let titles = new Map<string, string>();
  return {
    addText(text) {
      end += lengthInCharacters(text);
    },
    addCitation(citation) {
      const url = citation.type === 'web_search_result_location' ? textIn(citation.url) : '';
      if (url && !titles.has(url) && titles.size < CITATIONS_MAX) titles.set(url, textIn(citation.title));
    },
    endBlock() {
      const cited = [...titles].map(([url, title]) => ({ url, title, start, end }));
      titles = new Map();
      start = end;
      return cited;
    },
  };
}
