/** A change in billing's directory reaches the proxy's memory by the real stream, also over cuts and restarts. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Billing, startBilling } from '../../billing/src/billing.ts';
import { type Fixture, newPerson, startFixture } from '../../billing/test/billing-fixture.ts';
import { MODEL, model, nextRev } from '../../billing/test/records.ts';
import { startWorld, stopPostgres, type World } from './proxy-under-test.ts';

let fixture: Fixture;
let wire: Wire;
let world: World;
let person: Awaited<ReturnType<typeof newPerson>>;
beforeAll(async () => {
  fixture = await startFixture();
  wire = await startWire(await portOf(fixture.billing));
});
afterEach(() => world?.close());
afterAll(async () => {
  await wire.close();
  await fixture.stop();
  await stopPostgres();
});

/** Less than anything is remembered for (10 s a catalogue, 30 s a credential). */
const SOON = { timeout: 5_000, interval: 10 };

interface Wire {
  url: string;
  /** null: connections are cut and refused. */
  target: number | null;
  set(target: number | null): void;
  /** Connections that ask for events. */
  streams: number;
  /** Resets that came through: the first thing that a new stream says. */
  resets: number;
  close(): Promise<void>;
}

/** Between proxy and billing, to be cut. */
async function startWire(port: number): Promise<Wire> {
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (wire.target === null) return void near.destroy();
    const far = connect(wire.target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy() && open.delete(from));
    }
    near.on('data', (bytes) => {
      if (bytes.toString('latin1').startsWith('GET /v1/events')) wire.streams += 1;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (bytes.toString('latin1').includes('"kind":"reset"')) wire.resets += 1;
      near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: port,
    streams: 0,
    resets: 0,
    set: (target) => {
      wire.target = target;
      for (const socket of open) socket.destroy();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return wire;
}

async function portOf(billing: Billing): Promise<number> {
  await billing.app.listen({ host: '127.0.0.1', port: 0 });
  return (billing.app.server.address() as AddressInfo).port;
}

/** A person whose models the proxy has in its memory, and a proxy that follows the stream. */
async function remembered(): Promise<void> {
  await fixture.announce({ models: [model()] });
  person = await newPerson(fixture, { product: { models: [MODEL], requestsPerMinute: 1_000 } });
  const resets = wire.resets;
  world = await startWorld({
    TENANT_ID: person.tenant.id,
    BILLING_URL: wire.url,
    BILLING_SERVICE_TOKEN: person.token,
  });
  await expect.poll(() => wire.resets, SOON).toBeGreaterThan(resets);
  expect(await models()).toEqual([MODEL]);
}

async function models(): Promise<string[] | number> {
  const response = await fetch(`${world.url}/v1/models`, { headers: { authorization: `Bearer ${person.key}` } });
  const body = (await response.json()) as { data?: { id: string }[] };
  return body.data?.map(({ id }) => id) ?? response.status;
}

const revoked = () => fixture.announce({ api_keys: [{ ...person.keyRecord, rev: nextRev(), revoked: true }] });

test('a revoked key, a suspended person, a suspended tenant', async () => {
  await remembered();
  const startedAt = performance.now();
  await revoked();
  await expect.poll(models, SOON).toBe(401);
  console.log(`a revoked key was refused after ${Math.round(performance.now() - startedAt)} ms`);
  await fixture.announce({ api_keys: [{ ...person.keyRecord, rev: nextRev() }] });
  await expect.poll(models, SOON).toEqual([MODEL]);
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), status: 'suspended' }] });
  await expect.poll(models, SOON).toBe(403);
  await fixture.announce({ users: [{ ...person.user, rev: nextRev() }] });
  await expect.poll(models, SOON).toEqual([MODEL]);
  await fixture.announce({ tenants: [{ ...person.tenant, rev: nextRev(), status: 'suspended' }] });
  await expect.poll(models, SOON).toBe(403);
});

test("a product's models and limits, and a model", async () => {
  await remembered();
  await fixture.announce({ products: [{ ...person.product, rev: nextRev(), models: ['another'] }] });
  await expect.poll(models, SOON).toEqual([]);
  const limited = { ...person.product, rev: nextRev(), models: [MODEL], requestsPerMinute: 1 };
  await fixture.announce({ products: [limited] });
  await expect.poll(models, SOON).toEqual([MODEL]);
  const ask = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] };
  const status = async () => (await world.chat(ask, { headers: { authorization: `Bearer ${person.key}` } })).status;
  await status();
  expect(await status()).toBe(429);
  await fixture.announce({ models: [model({ enabled: false })] });
  await expect.poll(models, SOON).toEqual([]);
  await fixture.announce({ models: [model()] });
  await expect.poll(models, SOON).toEqual([MODEL]);
});

test('what happened while the stream was cut is heard when it is back', async () => {
  await remembered();
  const port = wire.target;
  const streams = wire.streams;
  wire.set(null);
  await revoked();
  expect(await models()).toEqual([MODEL]);
  wire.set(port);
  await expect.poll(models, SOON).toBe(401);
  expect(wire.streams).toBeGreaterThan(streams);
});

test('billing is started again elsewhere, and something happens in between', async () => {
  await remembered();
  const port = wire.target;
  const streams = wire.streams;
  wire.set(null);
  await revoked();
  const next = await startBilling(fixture.config, createLogger('billing', 'silent'));
  wire.set(await portOf(next));
  await expect.poll(models, SOON).toBe(401);
  expect(wire.streams).toBeGreaterThan(streams);
  wire.set(port);
  await next.app.close();
  await next.release();
});

test('the log has forgotten the last event: everything is asked for afresh', async () => {
  await remembered();
  const port = wire.target;
  wire.set(null);
  await revoked();
  await fixture.owner.query('DELETE FROM directory_events WHERE seq < (SELECT max(seq) FROM directory_events)');
  wire.set(port);
  await expect.poll(models, SOON).toBe(401);
});
