/** A provider that speaks OpenAI's wire format, led by the test. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface UpstreamRequestSeen {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** The proxy closed the connection before the answer was out. */
  aborted: boolean;
}

export type UpstreamScript = (response: ServerResponse, seen: UpstreamRequestSeen) => void;

export interface StubUpstream {
  /** As OPENAI_BASE_URL takes it. */
  url: string;
  seen: UpstreamRequestSeen[];
  script: UpstreamScript;
  close(): Promise<void>;
}

export async function startUpstream(): Promise<StubUpstream> {
  const upstream: StubUpstream = { url: '', seen: [], script: answerWhole('Hello.'), close: async () => {} };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>;
      const seen = { path: request.url ?? '', headers: request.headers, body, aborted: false };
      upstream.seen.push(seen);
      response.on('close', () => {
        seen.aborted = !response.writableFinished;
      });
      upstream.script(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  upstream.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return upstream;
}

const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 3,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 1 },
};

export function answerWhole(text: string): UpstreamScript {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_upstream_1' });
    response.end(
      JSON.stringify({
        id: 'chatcmpl-upstream',
        object: 'chat.completion',
        created: 1,
        model: 'gpt-upstream-2026',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop', logprobs: null }],
        usage: USAGE,
      }),
    );
  };
}

export function answerError(status: number, error: Record<string, unknown>, headers = {}): UpstreamScript {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };
}

function chunk(choices: unknown[], rest: Record<string, unknown> = {}): string {
  const head = { id: 'chatcmpl-upstream', object: 'chat.completion.chunk', created: 1, model: 'gpt-upstream-2026' };
  return `data: ${JSON.stringify({ ...head, choices, ...rest })}\n\n`;
}

export const textChunk = (content: string) =>
  chunk([{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }]);
export const stopChunk = () => chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
export const usageChunk = () => chunk([], { usage: USAGE });
export const DONE = 'data: [DONE]\n\n';

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function answerStream(...texts: string[]): UpstreamScript {
  return (response) => {
    startStream(response);
    for (const text of texts) response.write(textChunk(text));
    response.end(stopChunk() + usageChunk() + DONE);
  };
}
