/** One streamed answer of the proxy: request out, pieces of text and the charge in. */
import { type ChargeNote, chargeNote } from '@cloudfreedom/contracts';
import { ApiFailure, type ServiceClient } from '@cloudfreedom/ui';
import { z } from 'zod';
import { createSseReader } from './sse.ts';

export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'file'; file: { filename: string; file_data: string } };

export interface AnswerRequest {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string | ContentPart[] }[];
  temperature?: number;
  reasoning_effort?: string;
}

export type AnswerEvent =
  /** `failedKinds`: why the calls of providers before the one that answers came to nothing. */
  | { type: 'accepted'; requestId: string | null; deployment: string | null; failedKinds: string[] }
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'citations'; citations: { url: string; title: string }[] }
  | { type: 'finish'; reason: string }
  | { type: 'stopped'; why: string }
  | { type: 'charge'; note: ChargeNote };

/** The stream ended before the answer did. */
export class AnswerCut extends Error {
  override name = 'AnswerCut';
}

const annotation = z.object({ url_citation: z.object({ url: z.string(), title: z.string().default('') }).optional() });
const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            annotations: z.array(annotation).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({ cloudfreedom: chargeNote.partial().extend({ stopped: z.string().optional() }).optional() })
    .nullish(),
  cloudfreedom: z.object({ stopped: z.string().nullish() }).nullish(),
  error: z.unknown().optional(),
});

/**
 * Events in the order of arrival; returns after `[DONE]`.
 * @throws ApiFailure (refused, or an error inside the stream), UnreachableFailure, SessionEndedFailure, AnswerCut;
 * AbortError when `signal` fires; ZodError when a chunk is not one
 */
export async function* streamAnswer(
  services: ServiceClient,
  proxyUrl: string,
  request: AnswerRequest,
  signal: AbortSignal,
  /** The answer's own id: by it its charge is found later. */
  requestId?: string,
): AsyncGenerator<AnswerEvent> {
  const response = await services.send(`${proxyUrl}/v1/chat/completions`, {
    method: 'POST',
    body: { ...request, stream: true, stream_options: { include_usage: true } },
    ...(requestId !== undefined && { headers: { 'x-request-id': requestId } }),
    signal,
  });
  yield {
    type: 'accepted',
    requestId: response.headers.get('x-request-id'),
    deployment: response.headers.get('x-cloudfreedom-deployment'),
    failedKinds: response.headers.get('x-cloudfreedom-failed-attempts')?.split(', ') ?? [],
  };
  if (!response.body) throw new AnswerCut('no body');
  const reader = createSseReader();
  for await (const text of piecesOf(response.body, signal)) {
    for (const data of reader.push(text)) {
      if (data === '[DONE]') return;
      yield* eventsOf(data);
    }
  }
  throw new AnswerCut('no [DONE]');
}

async function* piecesOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new AnswerCut('connection lost', { cause: error });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function* eventsOf(data: string): Generator<AnswerEvent> {
  const parsed = chunk.parse(JSON.parse(data));
  if (parsed.error !== undefined) throw new ApiFailure(502, { error: parsed.error });
  const [choice] = parsed.choices;
  const { content, reasoning_content: reasoning, annotations } = choice?.delta ?? {};
  if (reasoning) yield { type: 'reasoning', text: reasoning };
  if (content) yield { type: 'text', text: content };
  const citations = (annotations ?? []).flatMap(({ url_citation }) => (url_citation ? [url_citation] : []));
  if (citations.length > 0) yield { type: 'citations', citations };
  if (choice?.finish_reason) yield { type: 'finish', reason: choice.finish_reason };
  const own = parsed.usage?.cloudfreedom;
  const stopped = parsed.cloudfreedom?.stopped ?? own?.stopped;
  if (stopped) yield { type: 'stopped', why: stopped };
  const note = chargeNote.safeParse(own);
  if (note.success) yield { type: 'charge', note: note.data };
}
