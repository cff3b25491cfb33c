/** A running PocketBase with two tenants and their people, for one test file. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type DirectoryChange, directoryWebhook } from '@cloudfreedom/contracts';
import { type PocketBaseServer, startPocketBase } from '@cloudfreedom/testkit';
import PocketBase, { ClientResponseError, type RecordModel } from 'pocketbase';
import { defaultCacheDir, ensurePocketBase } from '../../../tools/src/pocketbase-binary.ts';

export const INTERNAL_SECRET = randomBytes(24).toString('hex');
export const WEBHOOK_SECRET = randomBytes(24).toString('hex');
const PASSWORD = 'a-long-enough-password';
export const serviceDir = path.resolve(import.meta.dirname, '..');

export type Person = RecordModel & { email: string };

export interface Stage {
  server: PocketBaseServer;
  /** Passes every rule. */
  superuser: PocketBase;
  north: RecordModel;
  south: RecordModel;
  product: RecordModel;
  otherProduct: RecordModel;
  model: RecordModel;
  people: Record<'member' | 'colleague' | 'admin' | 'southMember' | 'southAdmin' | 'platformAdmin', Person>;
  client(): PocketBase;
  signIn(person: Person): Promise<PocketBase>;
  createPerson(fields: Record<string, unknown>): Promise<Person>;
  internal(method: string, route: string, body?: unknown): Promise<Response>;
}

export async function startServer(env: Record<string, string>, dataDir?: string): Promise<PocketBaseServer> {
  const binary = await ensurePocketBase({
    sourceDir: serviceDir,
    cacheDir: defaultCacheDir(),
    report: (line) => console.log(line),
  });
  return startPocketBase({ binary, serviceDir, env, ...(dataDir === undefined ? {} : { dataDir }) });
}

function clientOf(server: PocketBaseServer): PocketBase {
  const client = new PocketBase(server.url);
  client.autoCancellation(false);
  return client;
}

export async function signInSuperuser(server: PocketBaseServer): Promise<PocketBase> {
  const client = clientOf(server);
  await client.collection('_superusers').authWithPassword(server.superuser.email, server.superuser.password);
  return client;
}

export function modelFields(name: string): Record<string, unknown> {
  return {
    name,
    display_name: name,
    provider: 'openai',
    upstream_model: name,
    region: 'eu',
    context_tokens: 128_000,
    output_tokens_max: 16_000,
    reasoning: 'none',
    kind: 'chat',
    enabled: true,
  };
}

/** Without a data folder, a temporary one. */
export async function setStage(env: Record<string, string> = {}, dataDir?: string): Promise<Stage> {
  const server = await startServer({ INTERNAL_SECRET, ...env }, dataDir);
  try {
    return await fill(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function fill(server: PocketBaseServer): Promise<Stage> {
  const superuser = await signInSuperuser(server);
  const tenant = (name: string) =>
    superuser.collection('tenants').create({ name, slug: name.toLowerCase(), type: 'demo', monthly_budget_eur: '500' });
  const [north, south] = [await tenant('North'), await tenant('South')];
  const model = await superuser.collection('models').create(modelFields('gpt-test'));
  const createProduct = (name: string, monthly_budget_eur: string) =>
    superuser.collection('products').create({ name, monthly_budget_eur, models: [model.id] });
  const [product, otherProduct] = [await createProduct('Standard', '20'), await createProduct('Large', '500')];
  const createPerson = (fields: Record<string, unknown>) =>
    superuser.collection('users').create<Person>({
      email: `${randomUUID()}@example.test`,
      password: PASSWORD,
      passwordConfirm: PASSWORD,
      tenant: north.id,
      product: product.id,
      ...fields,
    });
  const people = {
    member: await createPerson({ name: 'Mia Member', email: 'mia@example.test', budget_override_eur: '5' }),
    colleague: await createPerson({ name: 'Carl Colleague' }),
    admin: await createPerson({ role: 'tenant_admin' }),
    southMember: await createPerson({ tenant: south.id }),
    southAdmin: await createPerson({ tenant: south.id, role: 'tenant_admin' }),
    platformAdmin: await createPerson({ role: 'platform_admin' }),
  };
  return {
    server,
    superuser,
    north,
    south,
    product,
    otherProduct,
    model,
    people,
    createPerson,
    client: () => clientOf(server),
    signIn: async (person) => {
      const client = clientOf(server);
      await client.collection('users').authWithPassword(person.email, PASSWORD);
      return client;
    },
    internal: (method, route, body) =>
      fetch(`${server.url}/api/internal/${route}`, {
        method,
        headers: { authorization: `Bearer ${INTERNAL_SECRET}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** Status of a call that must fail; 0 when it succeeded. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    if (error instanceof ClientResponseError) return error.status;
    throw error;
  }
}

export function usageRow(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    reservationId: randomUUID(),
    requestId: randomUUID(),
    at: new Date().toISOString(),
    tenantId: 'aaaaaaaaaaaaaaa',
    subjectId: 'bbbbbbbbbbbbbbb',
    apiKeyId: null,
    model: 'gpt-test',
    provider: 'openai',
    upstreamModel: 'gpt-upstream',
    deployment: 'gpt-test',
    region: 'eu',
    simulated: true,
    usage: { basis: 'exact', meters: { uncached_input: 100, cache_read: 20, output_text: 7, reasoning: 3 } },
    charge: '0.000421700',
    cost: '0.0004',
    outcome: 'completed',
    streamed: true,
    finishReason: 'stop',
    firstByteMs: null,
    totalMs: 900,
    ...fields,
  };
}

interface Delivery {
  body: string;
  signature: string | undefined;
  changes: DirectoryChange[];
  at: number;
}

export interface Receiver {
  url: string;
  deliveries: Delivery[];
  /** Status to answer with; `hang` never answers. */
  answer: number | 'hang' | ((changes: DirectoryChange[]) => number);
  changes(): DirectoryChange[];
  close(): Promise<void>;
}

/** Stands in for billing: a real HTTP server that keeps what it was sent. Port 0: any. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const receiver = { deliveries: [] as Delivery[], answer: 204 } as unknown as Receiver;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { changes } = directoryWebhook.parse(JSON.parse(body));
      if (receiver.answer === 'hang') return;
      const status = typeof receiver.answer === 'function' ? receiver.answer(changes) : receiver.answer;
      if (status < 300)
        receiver.deliveries.push({
          body,
          signature: request.headers['x-signature']?.toString(),
          changes,
          at: Date.now(),
        });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver.changes = () => receiver.deliveries.flatMap((delivery) => delivery.changes);
  receiver.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return receiver;
}
