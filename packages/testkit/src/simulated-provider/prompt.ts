/** A request of any of the three providers, reduced to what an answer depends on. */
import { countTokens } from './tokens.ts';

export interface OfferedTool {
  name: string;
  /** JSON schema of its arguments. */
  parameters: unknown;
}

/** A request for vectors, reduced to what they depend on. */
export interface Embed {
  texts: string[];
  dimensions: number;
  base64: boolean;
}

export interface Prompt {
  model: string;
  streamed: boolean;
  /** Does a stream name its usage? Only OpenAI's has to be asked for it. */
  usageInStream: boolean;
  /** The newest words of the person, directive included. */
  text: string;
  /** The result of a tool, where the conversation ends with one. */
  toolResult: string | null;
  inputTokens: number;
  /** null: no cap. Reasoning counts towards it, as with all three providers. */
  outputTokensCap: number | null;
  tools: OfferedTool[];
  toolChoice: 'auto' | 'none' | 'required' | { name: string };
  /** Asked for JSON: `schema` undefined is "any object"; null is "text, please". */
  json: { schema: unknown } | null;
  stopSequences: string[];
  choices: number;
  reasoning: 'none' | 'hidden' | 'visible';
  /** Vectors are asked for instead of words. */
  embed?: Embed;
}

/** A request that the provider would refuse with a 400. */
export interface RequestFault {
  param: string;
  message: string;
}

const TOKENS_PER_MESSAGE = 4;
/** Base64 characters of a document or a recording that make one token. */
const MEDIA_CHARACTERS_PER_TOKEN = 64;

/** Adds up an input: text by its characters, pictures by a fixed price, other media by their size. */
export class InputCount {
  tokens = 0;
  message(): void {
    this.tokens += TOKENS_PER_MESSAGE;
  }
  text(text: string): void {
    this.tokens += countTokens(text);
  }
  image(tokens: number): void {
    this.tokens += tokens;
  }
  media(base64: string): void {
    this.tokens += Math.ceil(base64.length / MEDIA_CHARACTERS_PER_TOKEN);
  }
  json(value: unknown): void {
    if (value !== undefined) this.tokens += countTokens(JSON.stringify(value));
  }
}
