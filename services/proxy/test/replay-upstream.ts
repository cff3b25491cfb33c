/** A provider that sends one recorded answer, byte for byte, in the pieces that the test wants. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

interface Replay {
  status: number;
  headers: Record<string, string>;
  /** Each is one TCP write. */
  pieces: readonly Uint8Array[];
}

export interface ReplayUpstream {
  /** Without a version in the path. */
  url: string;
  /** What is sent next, to whatever is asked. */
  replay: Replay;
  /** Requests so far. */
  asked: number;
  close(): Promise<void>;
}

export async function startReplayUpstream(): Promise<ReplayUpstream> {
  const upstream: ReplayUpstream = {
    url: '',
    replay: { status: 500, headers: {}, pieces: [] },
    asked: 0,
    close: async () => {},
  };
  const server = createServer((request, response) => {
    upstream.asked += 1;
    request.resume();
    request.on('end', () => void send(response, upstream.replay));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  upstream.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return upstream;
}

async function send(response: ServerResponse, { status, headers, pieces }: Replay): Promise<void> {
  response.socket?.setNoDelay(true);
  response.writeHead(status, headers);
  response.flushHeaders();
  for (const piece of pieces) {
    // A turn of the event loop in between, else Node puts the pieces into one write.
    await nextTurn();
    response.write(piece);
  }
  await nextTurn();
  response.end();
}
