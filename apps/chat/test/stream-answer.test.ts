import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceClient } from '@cloudfreedom/ui';
import { afterEach, describe, expect, it } from 'vitest';
import { noticeOfError } from '../src/answers/notice.ts';
import { type AnswerEvent, streamAnswer } from '../src/answers/stream-answer.ts';

let stop = () => {};
afterEach(() => stop());

const chunk = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const text = (content: string) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const finish = (reason: string) => chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const note = { charge_eur: '0.004217', remaining_eur: '8.30', request_id: 'r1', simulated: true };
const request = { model: 'gpt-x', messages: [{ role: 'user' as const, content: 'Hi' }] };

/** A proxy that answers by `write`, and a client without tokens. */
async function proxy(write: (response: ServerResponse, body: unknown) => void, headers: Record<string, string>) {
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const piece of incoming) body += piece;
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    write(response, JSON.parse(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const services: ServiceClient = {
    send: (url, { method = 'GET', body, signal } = {}) =>
      fetch(url, { method, body: JSON.stringify(body), signal: signal ?? null }),
    json: () => Promise.reject(new Error('not used')),
  };
  return { services, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function collect(
  write: (response: ServerResponse, body: unknown) => void,
  signal = new AbortController().signal,
  headers: Record<string, string> = {},
) {
  const { services, url } = await proxy(write, headers);
  const events: AnswerEvent[] = [];
  try {
    for await (const event of streamAnswer(services, url, request, signal))
      if (event.type !== 'accepted' || event.requestId !== null) events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}

describe('a streamed answer', () => {
  it('gives text, finish reason and charge', async () => {
    let asked: unknown;
    const { events, error } = await collect((response, body) => {
      asked = body;
      response.write(text('Grüße'));
      response.write(finish('stop'));
      response.end(`${chunk({ choices: [], usage: { prompt_tokens: 3, cloudfreedom: note } })}data: [DONE]\n\n`);
    });
    expect(error).toBeNull();
    expect(asked).toEqual({ ...request, stream: true, stream_options: { include_usage: true } });
    expect(events).toEqual([
      { type: 'text', text: 'Grüße' },
      { type: 'finish', reason: 'stop' },
      { type: 'charge', note },
    ]);
  });

  it('survives a cut inside of a character', async () => {
    const bytes = Buffer.from(`${text('ü😀')}data: [DONE]\n\n`);
    const { events } = await collect((response) => {
      const middle = bytes.indexOf(0xf0) + 2;
      response.write(bytes.subarray(0, middle));
      setTimeout(() => response.end(bytes.subarray(middle)), 20);
    });
    expect(events).toEqual([{ type: 'text', text: 'ü😀' }]);
  });

  it.each([
    ['the end comes without [DONE]', (response: ServerResponse) => response.end()],
    ['the connection breaks', (response: ServerResponse) => response.destroy()],
  ])('keeps what arrived when %s', async (_what, end) => {
    const { events, error } = await collect((response) => {
      response.write(text('half'));
      setTimeout(() => end(response), 20);
    });
    expect(events).toEqual([{ type: 'text', text: 'half' }]);
    expect(noticeOfError(error, true)).toEqual({ kind: 'cut' });
    expect(noticeOfError(error, false)).toEqual({ kind: 'unreachable' });
  });

  it('tells an error inside of the stream', async () => {
    const { error } = await collect((response) =>
      response.end(
        chunk({ error: { message: 'overloaded', type: 'server_error', code: 'upstream_error', param: null } }),
      ),
    );
    expect(noticeOfError(error, true)).toEqual({ kind: 'providerFault' });
  });

  it('ends when it is stopped', async () => {
    const controller = new AbortController();
    const { events, error } = await collect((response) => {
      response.write(text('half'));
      setTimeout(() => controller.abort(), 20);
    }, controller.signal);
    expect(events).toEqual([{ type: 'text', text: 'half' }]);
    expect(noticeOfError(error, true)).toEqual({ kind: 'stopped' });
  });

  it('says under which id it is served', async () => {
    const { events } = await collect((response) => response.end('data: [DONE]\n\n'), undefined, {
      'x-request-id': 'r1',
      'x-cloudfreedom-deployment': 'openai/x',
      'x-cloudfreedom-failed-attempts': 'overloaded, cut',
    });
    expect(events).toEqual([
      { type: 'accepted', requestId: 'r1', deployment: 'openai/x', failedKinds: ['overloaded', 'cut'] },
    ]);
  });

  it('tells thoughts, sources and why it was stopped apart from the text', async () => {
    const cited = { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A', start_index: 0 } };
    const { events } = await collect((response) => {
      response.write(chunk({ choices: [{ delta: { reasoning_content: 'Hm.' } }] }));
      response.write(chunk({ choices: [{ delta: { content: 'half', annotations: [cited] } }] }));
      response.write(chunk({ choices: [{ delta: {}, finish_reason: 'length' }], cloudfreedom: { stopped: 'budget' } }));
      response.end('data: [DONE]\n\n');
    });
    expect(events).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'half' },
      { type: 'citations', citations: [{ url: 'https://a.example', title: 'A' }] },
      { type: 'finish', reason: 'length' },
      { type: 'stopped', why: 'budget' },
    ]);
  });

  it('does not take what is no chunk', async () => {
    const { error } = await collect((response) => response.end('data: {"choices":"x"}\n\n'));
    expect(noticeOfError(error, false)).toEqual({ kind: 'unexpected' });
  });
});
