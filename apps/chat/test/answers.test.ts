import type { Message } from '@cloudfreedom/contracts';
import type { ServiceClient } from '@cloudfreedom/ui';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAnswers } from '../src/answers/answers.ts';

beforeEach(() => vi.stubGlobal('document', { hidden: true }));
afterEach(() => vi.unstubAllGlobals());

const piece = `data: ${JSON.stringify({ choices: [{ delta: { content: 'half' } }] })}\n\n`;

/** A proxy that writes half an answer and never ends it, a billing that knows its charge. */
const services = {
  send: (_url: string, { signal }: { signal: AbortSignal }) =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start(stream) {
            stream.enqueue(new TextEncoder().encode(piece));
            signal.addEventListener('abort', () => stream.error(signal.reason));
          },
        }),
        { headers: { 'x-request-id': 'r1' } },
      ),
    ),
  json: () => Promise.resolve({ items: [{ requestId: 'r1', charge: '0.0042' }], nextCursor: null }),
} as unknown as ServiceClient;

it('a stopped answer is shown at once, and stored with its charge before anything may follow it', async () => {
  const shown: Message[] = [];
  const kept: Message[] = [];
  const answers = createAnswers({
    services,
    proxyUrl: 'http://proxy',
    billingUrl: 'http://billing',
    show: (_id, message) => void shown.push(message),
    keep: async (_id, message) => void kept.push(message),
    onMoneyMoved: () => {},
  });
  answers.start('c', { model: 'm', parentId: 'q', request: async () => ({ model: 'm', messages: [] }) });
  await vi.waitFor(() => expect(answers.textOf('c')?.text).toBe('half'));
  answers.stop('c');
  await vi.waitFor(() => expect(answers.of('c')).toMatchObject({ running: false, notice: null }));
  expect([shown.length, kept.length]).toEqual([1, 0]);
  await answers.settled('c');
  expect(kept).toEqual([{ ...shown[0], parentId: 'q', content: 'half', chargeEur: '0.0042', ending: 'stopped' }]);
  // Not the same object: who shows it would not see the change.
  expect(shown[0]?.chargeEur).toBeNull();
});
