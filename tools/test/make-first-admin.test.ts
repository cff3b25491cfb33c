/** core/make-first-admin.sh against a real PocketBase, run again after each of the failures that can come between. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PocketBaseServer, startPocketBase } from '@cloudfreedom/testkit';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultCacheDir, ensurePocketBase } from '../src/pocketbase-binary.ts';
import { ROOT } from '../src/stack/settings.ts';

const serviceDir = path.join(ROOT, 'services/pocketbase');
const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-first-admin-'));
const EMAIL = 'Ada@operator.example';
let server: PocketBaseServer;
let edge: Server;
let apiUrl: string;
/** What goes wrong on the way to PocketBase: asked nothing, or done there with the answer lost. */
let failure: { asked: string; how: 'refused' | 'lost' } | undefined;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function startEdge(): Server {
  return createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const fails = failure && `${method} ${url}`.startsWith(failure.asked) ? failure.how : undefined;
    if (fails === 'refused') return void response.writeHead(500).end('{"message":"Out of order."}');
    const body = await bodyOf(request);
    const answer = await fetch(`${server.url}${url}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: headers.authorization ?? '' },
      ...(body.length > 0 ? { body } : {}),
    });
    const text = await answer.text();
    if (fails === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status).end(text);
  });
}

/** In the place of `docker compose`: what would be run in the container is run here, on the same data. */
function writeCompose(binary: string): void {
  const file = path.join(folder, 'compose');
  const flags = `--dir=${folder}/data --migrationsDir=${serviceDir}/pb_migrations --hooksDir=${serviceDir}/pb_hooks`;
  writeFileSync(
    file,
    `#!/bin/sh\nwhile [ "$1" != superuser ]; do shift; done\nINTERNAL_SECRET=x exec '${binary}' ${flags} "$@"\n`,
  );
  chmodSync(file, 0o755);
}

beforeAll(async () => {
  const binary = await ensurePocketBase({ sourceDir: serviceDir, cacheDir: defaultCacheDir(), report: console.log });
  writeCompose(binary);
  const dataDir = path.join(folder, 'data');
  server = await startPocketBase({ binary, serviceDir, dataDir, env: { INTERNAL_SECRET: 'x', MFA_REQUIRED: 'off' } });
  edge = startEdge();
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  const address = edge.address();
  apiUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(async () => {
  edge?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(email = EMAIL): Promise<{ code: number; out: string; said: string }> {
  const env = { PATH: process.env.PATH ?? '', API_URL: apiUrl, COMPOSE: path.join(folder, 'compose') };
  return new Promise((resolve) => {
    execFile(path.join(ROOT, 'core/make-first-admin.sh'), [email], { env }, (error, out, said) =>
      resolve({ code: Number(error?.code ?? 0), out, said }),
    );
  });
}

const passwordIn = (out: string, who: string) =>
  new RegExp(`^${who}: +\\S+ {2}([0-9a-f]{24,})`, 'm').exec(out)?.[1] ?? '';

async function superuser(out: string): Promise<PocketBase> {
  const client = new PocketBase(server.url);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword('superuser@operator.example', passwordIn(out, 'Superuser'));
  return client;
}

const FAILURES: [asked: string, how: 'refused' | 'lost', made: Record<string, number>][] = [
  ['/_superusers/auth', 'refused', {}],
  ['/tenants/', 'refused', {}],
  ['/tenants/', 'lost', { tenants: 1 }],
  ['/products/', 'refused', { tenants: 1 }],
  ['/products/', 'lost', { tenants: 1, products: 1 }],
  ['/users/', 'refused', { tenants: 1, products: 1 }],
  ['/users/', 'lost', { tenants: 1, products: 1, users: 1 }],
];

test('after each failure it goes on with what is there; what it showed opens the door', async () => {
  const counted = async (client: PocketBase) => {
    const names = ['tenants', 'products', 'users'];
    const counts = await Promise.all(
      names.map(async (name) => (await client.collection(name).getList(1, 1)).totalItems),
    );
    return Object.fromEntries(names.flatMap((name, index) => (counts[index] ? [[name, counts[index]]] : [])));
  };
  for (const [asked, how, made] of FAILURES) {
    failure = { asked: `POST /api/collections${asked}`, how };
    const { code, out, said } = await run();
    expect([asked, code, said]).toEqual([asked, 1, expect.stringContaining(`POST ${asked.slice(1)}`)]);
    expect(said).toContain(how === 'refused' ? 'Out of order.' : 'no answer');
    expect(said).toContain('Run this again');
    expect(out).not.toContain('Platform admin');
    expect([asked, how, await counted(await superuser(out))]).toEqual([asked, how, made]);
  }
  failure = undefined;
  for (const _ of ['goes through', 'changes nothing but passwords']) {
    const { code, out, said } = await run();
    expect({ code, said }).toEqual({ code: 0, said: '' });
    expect(await counted(await superuser(out))).toEqual({ tenants: 1, products: 1, users: 1 });
    const admin = new PocketBase(server.url);
    const { record } = await admin.collection('users').authWithPassword(EMAIL, passwordIn(out, 'Platform admin'));
    expect(record).toMatchObject({ role: 'platform_admin', verified: true });
  }
}, 120_000);

test("somebody else's account is left as it is, and an address that is none is said", async () => {
  const admin = await superuser((await run()).out);
  const { tenant, product } = await admin.collection('users').getFirstListItem('role = "platform_admin"');
  const password = 'a-long-enough-password';
  const member = {
    email: 'bob@operator.example',
    password,
    passwordConfirm: password,
    tenant,
    product,
    role: 'member',
  };
  await admin.collection('users').create(member);
  expect(await run('bob@operator.example')).toMatchObject({
    code: 1,
    said: expect.stringContaining('no platform admin'),
  });
  await new PocketBase(server.url).collection('users').authWithPassword(member.email, password);
  expect(await run('bob')).toMatchObject({ code: 1, out: '', said: 'bob is no e-mail address\n' });
  expect(await run('a"b@c.de')).toMatchObject({ code: 1, out: '', said: expect.stringContaining('letters, digits') });
}, 60_000);
