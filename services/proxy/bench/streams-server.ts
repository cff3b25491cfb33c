/** The process whose memory and CPU are measured: the proxy, or a bare undici pass-through. Led by its parent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@cloudfreedom/service-kit';
import { Pool } from 'undici';
import { createProxy } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { adapters } from '../src/providers/registry.ts';

const SAMPLE_MS = 20;

export interface Figures {
  /** User and system, microseconds since the process began. */
  cpuMicros: number;
  /** Largest resident set since the last question. */
  peakBytes: number;
  residentBytes: number;
}

async function startProxy(): Promise<number> {
  const config = loadConfig();
  const { app } = await createProxy({ config, logger: createLogger('proxy', config.logLevel), adapters });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Bytes in, bytes out: what the same client and provider cost without anything in between. */
async function startPassThrough(origin: string): Promise<number> {
  const pool = new Pool(origin, { connections: 1024 });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      pool.dispatch(
        {
          method: 'POST',
          path: request.url ?? '/',
          headers: { 'content-type': 'application/json' },
          body: Buffer.concat(parts),
        },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, status) => {
            response.writeHead(status, { 'content-type': 'text/event-stream' });
          },
          onResponseData: (_controller, bytes) => {
            response.write(bytes);
          },
          onResponseEnd: () => {
            response.end();
          },
          onResponseError: () => {
            response.destroy();
          },
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let peakBytes = 0;
setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, SAMPLE_MS);
process.on('message', () => {
  globalThis.gc?.();
  const residentBytes = process.memoryUsage.rss();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, peakBytes: Math.max(peakBytes, residentBytes), residentBytes });
  peakBytes = 0;
});
process.on('disconnect', () => process.exit(0));

const origin = process.argv[2];
process.send?.({ port: origin ? await startPassThrough(origin) : await startProxy() });
