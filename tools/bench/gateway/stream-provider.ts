/**
 * `node stream-provider.ts <port>`: answers every request with a stream of 100 chunks, one every 40 ms. All streams in
 * step: one timer, so that there is little to do beside writing.
 */
import { createServer, type ServerResponse } from 'node:http';
import { CHUNKS } from './load.ts';

const BETWEEN_CHUNKS_MS = 40;
const KEEP_ALIVE_MS = 300_000;
const about = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_770_000_000, model: 'gpt-upstream' };
const event = (content: object) => `data: ${JSON.stringify({ ...about, ...content })}\n\n`;
const chunk = (delta: object, finish: string | null) =>
  event({
    ...{ service_tier: 'default', system_fingerprint: null, obfuscation: 'abcdefgh' },
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
const TEXT = chunk({ content: ' some words' }, null);
const USAGE = { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 };
const LAST = `${chunk({}, 'stop')}${event({ choices: [], usage: USAGE })}data: [DONE]\n\n`;

const open = new Map<ServerResponse, number>();
setInterval(() => {
  for (const [response, sent] of open) {
    if (sent < CHUNKS) {
      response.write(TEXT);
      open.set(response, sent + 1);
    } else {
      open.delete(response);
      response.end(LAST);
    }
  }
}, BETWEEN_CHUNKS_MS);
const server = createServer((asked, response) => {
  asked.resume();
  asked.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    open.set(response, 0);
  });
});
// A connection that is closed while it waits for its next turn would look like a fault.
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(Number(process.argv[2]), '127.0.0.1');
