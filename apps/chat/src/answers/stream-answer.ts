/** One streamed answer of the proxy: request out, pieces of text and the charge in. */
import { type ChargeNote, chargeNote } from '@cloudfreedom/contracts';
import { ApiFailure, type ServiceClient } from '@cloudfreedom/ui';
import { z } from 'zod';
import { createSseReader } from './sse.ts';

export interface AnswerRequest {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
}

export type AnswerEvent =
  | { type: 'accepted'; requestId: string }
  | { type: 'text'; text: string }
  | { type: 'finish'; reason: string }
  | { type: 'charge'; note: ChargeNote };

/** The stream ended before the answer did. */
export class AnswerCut extends Error {
  override name = 'AnswerCut';
}

const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ cloudfreedom: chargeNote.optional() }).nullish(),
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
): AsyncGenerator<AnswerEvent> {
  const response = await services.send(`${proxyUrl}/v1/chat/completions`, {
    method: 'POST',
    body: { ...request, stream: true, stream_options: { include_usage: true } },
    signal,
  });
  const requestId = response.headers.get('x-request-id');
  if (requestId) yield { type: 'accepted', requestId };
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
  if (choice?.delta?.content) yield { type: 'text', text: choice.delta.content };
  if (choice?.finish_reason) yield { type: 'finish', reason: choice.finish_reason };
  if (parsed.usage?.cloudfreedom) yield { type: 'charge', note: parsed.usage.cloudfreedom };
}
