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

/** Tenants that run beside a stack have the next ports, ten each, at the same offsets. */
const TENANT_STEP = 10;
const TENANTS_MAX = 9;
const TENANT_OFFSETS = { proxy: 3, conversations: 4, chat: 6, simulator: 7, postgres: 8, redis: 9 } as const;
export type TenantPorts = Record<keyof typeof TENANT_OFFSETS, number>;

/** Where the tenants' chats can be on this machine, for the core that lets their pages in. */
export function tenantChatPorts(base: number): number[] {
  return Array.from({ length: TENANTS_MAX }, (_, index) => base + (index + 1) * TENANT_STEP + TENANT_OFFSETS.chat);
}

/**
 * @param base of the stack beside which the tenant runs
 * @param kept the ports' base of the last time, taken again where it is free
 * @throws Fault when nine tenants run already
 */
export async function findTenantPorts(
  base: number,
  kept: number | undefined,
): Promise<{ portBase: number; ports: TenantPorts }> {
  const own = Array.from({ length: TENANTS_MAX }, (_, index) => base + (index + 1) * TENANT_STEP);
  const candidates = kept !== undefined && own.includes(kept) ? [kept, ...own.filter((port) => port !== kept)] : own;
  for (const portBase of candidates) {
    const offsets = Object.entries(TENANT_OFFSETS);
    const ports = Object.fromEntries(offsets.map(([name, offset]) => [name, portBase + offset])) as TenantPorts;
    const free = await Promise.all(Object.values(ports).map((port) => isFree(port, '127.0.0.1')));
    if (free.every(Boolean)) return { portBase, ports };
  }
  throw new Fault(
    `All ports for tenants (${own[0]} to ${(own.at(-1) ?? 0) + TENANT_STEP - 1}) are in use: stop a tenant first.`,
  );
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
