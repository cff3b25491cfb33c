import { createServer } from 'node:net';
import { Fault } from './fault.ts';

/** Offsets from PORT_BASE, so that several stacks can run side by side. */
const OFFSETS = {
  pocketbase: 0,
  identity: 1,
  billing: 2,
  proxy: 3,
  conversations: 4,
  admin: 5,
  chat: 6,
  simulator: 7,
  postgres: 8,
} as const;
type ServiceName = keyof typeof OFFSETS;
export type Ports = Record<ServiceName, number>;

export function portsFrom(base: number): Ports {
  return Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset])) as Ports;
}

/** @throws Fault when the address is none of this machine */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') return resolve(false);
      const notOurs = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
      reject(
        new Fault(notOurs ? `HOST=${host} is no address of this machine.` : `Port ${port} can't be used: ${message}`),
      );
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * @throws Fault naming the first port in use and whose it would be
 */
export async function checkPortsAreFree(ports: Ports, host: string): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    if (await isFree(port, name === 'postgres' ? '127.0.0.1' : host)) continue;
    throw new Fault(
      `Port ${port} (${name}) is in use: stop what uses it, or choose other ports, for example PORT_BASE=${port < 60_000 ? ports.pocketbase + 100 : 4100} npm start.`,
    );
  }
}
