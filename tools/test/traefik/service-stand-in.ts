/** A server in the place of a service: it says what reached it. Its ways of answering are named by the header `x-answer`. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a service was sent. */
export interface Reached {
  service: string;
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: { bytes: number; sha256: string };
}

/** The port that each image of ours listens on; Open WebUI's too. */
const PORT = 8080;
const CHUNKS = 5;

/** Chunk after chunk, each one when the one before has been read at the other end. */
const waiting = new Map<string, () => void>();
export const readOne = (stream: string) => waiting.get(stream)?.();

async function stream(name: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.set(name, resolve);
    response.write(`data: ${chunk}\n\n`);
    await promise;
  }
  waiting.delete(name);
  response.end('data: [DONE]\n\n');
}

async function hashed(request: IncomingMessage): Promise<Reached['body']> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

export type ServiceStandIn = Awaited<ReturnType<typeof startServiceStandIn>>;

/** @param address one of this machine's own (127.…), the container's on the network that Traefik shares with it */
export async function startServiceStandIn(service: string, id: string, address: string) {
  let isWell = true;
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    // One that Traefik keeps could be closed in the very moment in which it is used, which nobody may send again.
    response.setHeader('connection', 'close');
    const name = request.headers['x-stream'];
    if (typeof name === 'string') return stream(name, response);
    if (url === '/health' && !isWell) return void response.writeHead(503).end();
    const headers = request.headers as Record<string, string>;
    const reached: Reached = { service, id, method, url, headers, body: await hashed(request) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(reached));
  });
  server.on('upgrade', (request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.pipe(socket);
    socket.on('error', () => {});
    request.on('error', () => {});
  });
  server.listen(PORT, address);
  await once(server, 'listening');
  return {
    service,
    id,
    /** From here on its health is 503, as of one that is ending; the rest is answered. */
    end: () => {
      isWell = false;
    },
    /** From here on nobody listens there. */
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
