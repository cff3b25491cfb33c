/** What one provider's form of the API has to give. Pure: bytes as text, no I/O, no clock. */
import type { Answer } from './answer.ts';
import type { Prompt, RequestFault } from './prompt.ts';

/** Names and times of one answer, decided outside so that the form stays pure. */
export interface AnswerStamp {
  /** Letters and digits; each provider puts its own prefix before it. */
  id: string;
  createdUnixS: number;
}

/** One write to the socket, and how many output tokens it brings. */
export interface Frame {
  text: string;
  tokens: number;
}

export interface ErrorAnswer {
  headers: Record<string, string>;
  body: string;
}

export interface WireFormat {
  provider: 'openai' | 'anthropic' | 'gemini';
  /** Output tokens in one frame of a stream, about as the provider does it. */
  tokensPerFrame: number;
  contentType: { json: string; stream: string };
  /** Headers of every answer. */
  headers(stamp: AnswerStamp): Record<string, string>;
  /** The key that a request carries, if any. */
  apiKeyOf(headers: Record<string, string>, url: URL): string | undefined;
  /** How a wrong key is refused. */
  keyRefusal: { status: number; fault?: RequestFault };
  /** `body` is parsed JSON. */
  readPrompt(url: URL, body: unknown): Prompt | { fault: RequestFault };
  writeAnswer(prompt: Prompt, answer: Answer, stamp: AnswerStamp): string;
  /** The answer of the counting path, where the provider has one. */
  writeCount?(inputTokens: number): string;
  /** Whole stream, in order. `tokensPerFrame` 1 where the exact place matters. */
  writeStream(prompt: Prompt, answer: Answer, stamp: AnswerStamp, tokensPerFrame: number): Frame[];
  /** The error that ends a stream that began with 200. */
  writeStreamError(stamp: AnswerStamp): string;
  writeError(status: number, options: { model: string; retryAfterS: number; fault?: RequestFault }): ErrorAnswer;
}

/** Zod's first complaint in the provider's way of naming places: `messages[0].content`. */
export function faultOf(issues: readonly { path: PropertyKey[]; message: string }[]): RequestFault {
  const [issue] = issues;
  const param = (issue?.path ?? []).reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    '',
  );
  return { param, message: issue?.message ?? 'not valid' };
}

/** Pieces joined to frames of `size` tokens. */
export function framePieces(pieces: string[], size: number): { text: string; tokens: number }[] {
  const frames: { text: string; tokens: number }[] = [];
  for (let start = 0; start < pieces.length; start += size) {
    const part = pieces.slice(start, start + size);
    frames.push({ text: part.join(''), tokens: part.length });
  }
  return frames;
}
