/**
 * Somebody is erased in the running suite; then PocketBase's data and afterwards all Postgres data are set back to a
 * copy from before: by the time the suite is ready, or a turn later, the person is gone again, and the sums are the same.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  apiKeyCreateResponse,
  audienceOf,
  contentLogNotice,
  conversationSummary,
  erasureResponse,
  type StackFile,
  tenantBudgets,
  usagePage,
} from '@cloudfreedom/contracts';
import { createPool } from '@cloudfreedom/service-kit';
import PocketBase from 'pocketbase';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exchangeForm } from '../access/stage.ts';
import {
  freePortBase,
  launch,
  newDataDir,
  type RunningStack,
  removeDataDir,
  stopStack,
  waitUntilReady,
} from './running-stack.ts';

const WORD = 'Wombatlinde';
const PASSWORD = `a-${randomUUID()}`;
const dataDir = newDataDir();
const backup = newDataDir();
let running: RunningStack | undefined;
let portBase: number;

afterAll(async () => {
  if (running) await stopStack(running);
  removeDataDir(dataDir);
  removeDataDir(backup);
});

async function start(): Promise<StackFile> {
  portBase ??= await freePortBase();
  running = launch(dataDir, portBase);
  return waitUntilReady(running);
}
async function stop(): Promise<void> {
  if (running) await stopStack(running);
}
/** With owners and modes: Postgres refuses its folder otherwise. */
function copyFolder(from: string, to: string, name: string): void {
  execFileSync('rm', ['-rf', path.join(to, name)]);
  execFileSync('cp', ['-a', path.join(from, name), path.join(to, name)]);
}

async function signIn(stack: StackFile, who: { email: string; password: string }): Promise<PocketBase> {
  const client = new PocketBase(stack.urls.pocketbase);
  client.autoCancellation(false);
  await client.collection('users').authWithPassword(who.email, who.password);
  return client;
}

async function json<S extends z.ZodType>(schema: S, url: string, bearer: string, body?: unknown): Promise<z.output<S>> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${url}: ${response.status}`).toBe(true);
  return schema.parse(await response.json());
}

async function accessToken(stack: StackFile, session: PocketBase, audience: string): Promise<string> {
  const body = exchangeForm(session.authStore.token, audience);
  const response = await fetch(`${stack.urls.identity}/oauth/token`, { method: 'POST', body });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

/** Somebody with a key, charged requests, and a chat. */
async function newPerson(stack: StackFile) {
  const admin = await signIn(stack, stack.demo.tenantAdmin);
  const contentLog = `/api/tenants/${stack.tenant.id}/content-log`;
  await admin.send(contentLog, { method: 'POST', body: { days: 30, confirmed: true } });
  const platform = await signIn(stack, stack.demo.platformAdmin);
  const product = await platform.collection('products').getFirstListItem('name = "Starter"');
  const email = `${WORD.toLowerCase()}@demo.example`;
  const { id } = await platform.collection('users').create({
    email,
    password: PASSWORD,
    passwordConfirm: PASSWORD,
    name: WORD,
    tenant: stack.tenant.id,
    product: product.id,
  });
  const session = await signIn(stack, { email, password: PASSWORD });
  const keys = `${stack.urls.identity}/v1/api-keys`;
  const { key } = await json(apiKeyCreateResponse, keys, session.authStore.token, { name: `Key of ${WORD}` });
  await expect
    .poll(() => json(contentLogNotice, `${stack.urls.proxy}/v1/content-log`, key), { timeout: 30_000 })
    .toEqual({ days: 30 });
  for (let request = 0; request < 3; request++)
    await json(z.unknown(), `${stack.urls.proxy}/v1/chat/completions`, key, {
      model: 'gpt-5.4-mini',
      messages: [{ role: 'user', content: `${WORD} asks ${request} [[simulate length=5]]` }],
    });
  const token = await accessToken(stack, session, audienceOf.conversations(stack.tenant.id));
  const chats = `${stack.urls.conversations}/v1/conversations`;
  const chat = await json(conversationSummary, chats, token, { title: `${WORD}'s questions` });
  const message = { id: randomUUID(), role: 'user', content: `My name is ${WORD}`, model: null, chargeEur: null };
  await json(z.unknown(), `${chats}/${chat.id}/messages`, token, message);
  await json(z.unknown(), `${stack.urls.conversations}/v1/folders`, token, { name: `Folder of ${WORD}` });
  return { id, key, session };
}

/** What the tenant spent, and what the person was charged, row by row. */
async function sums(stack: StackFile, subjectId: string) {
  const token = await accessToken(stack, await signIn(stack, stack.demo.tenantAdmin), 'billing');
  const tenant = `${stack.urls.billing}/v1/tenants/${stack.tenant.id}`;
  const { spent } = (await json(tenantBudgets, `${tenant}/budgets`, token)).tenant;
  const { items } = await json(usagePage, `${tenant}/usage?limit=200`, token);
  return { spent, charges: items.filter((row) => row.subjectId === subjectId).map(({ charge }) => charge) };
}

function openDatabase(database: string) {
  const { postgresPassword } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
  const url = `postgres://postgres:${postgresPassword}@127.0.0.1:${portBase + 8}/${database}`;
  return createPool(url, { max: 1, applicationName: 'erasure-test' });
}

/** As identity notes it at a sign-in to an application, which is tried elsewhere. */
async function noteSignIn(subjectId: string): Promise<void> {
  const pool = openDatabase('cloudfreedom_identity');
  await pool.query("INSERT INTO identity.oidc_people (subject_id, session_mark) VALUES ($1, 'mark')", [subjectId]);
  await pool.end();
}

async function isKnownToIdentity(subjectId: string): Promise<boolean> {
  const pool = openDatabase('cloudfreedom_identity');
  const { rows } = await pool.query('SELECT 1 FROM identity.oidc_people WHERE subject_id = $1', [subjectId]);
  await pool.end();
  return rows.length > 0;
}

/** In which stores a text stands: the files of PocketBase and each Postgres database as a dump of its rows. */
async function storesWith(text: string, subjectId: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of ['data.db', 'data.db-wal', 'auxiliary.db', 'auxiliary.db-wal']) {
    const file = path.join(dataDir, 'pocketbase', name);
    try {
      if (readFileSync(file).includes(text)) found.push(name);
    } catch {
      // No write-ahead log at the moment.
    }
  }
  for (const database of ['cloudfreedom_billing', 'cloudfreedom_tenant_demo']) {
    const pool = openDatabase(database);
    const { rows: tables } = await pool.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables) {
      const { rows } = await pool.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 LIMIT 1`, [`%${text}%`]);
      if (rows.length > 0) found.push(`${database} ${name}`);
    }
    // Encrypted, so no word of theirs is found: by whose it is.
    if (database === 'cloudfreedom_tenant_demo') {
      const { rows } = await pool.query('SELECT 1 FROM proxy.contents WHERE subject_id = $1 LIMIT 1', [subjectId]);
      if (rows.length > 0) found.push('kept requests');
    }
    await pool.end();
  }
  return found;
}

async function expectGone(stack: StackFile, person: { id: string; key: string }): Promise<void> {
  const platform = await signIn(stack, stack.demo.platformAdmin);
  await expect(platform.collection('users').getOne(person.id)).rejects.toMatchObject({ status: 404 });
  const response = await fetch(`${stack.urls.proxy}/v1/models`, { headers: { authorization: `Bearer ${person.key}` } });
  expect(response.status).toBe(401);
  // Conversations hears of it within a minute.
  await expect
    .poll(async () => [...(await storesWith(WORD, person.id)), ...(await storesWith(WORD.toLowerCase(), person.id))], {
      timeout: 90_000,
      interval: 1_000,
    })
    .toEqual([]);
}

test('erased once, erased for good: each store is set back to a copy from before', async () => {
  let stack = await start();
  const person = await newPerson(stack);
  const before = await sums(stack, person.id);
  expect(before.charges).toHaveLength(3);
  await noteSignIn(person.id);
  const places = () => storesWith(WORD, person.id);
  await expect.poll(places).toContain('kept requests');
  expect((await places()).length).toBeGreaterThanOrEqual(4);
  await stop();
  for (const folder of ['pocketbase', 'postgres']) copyFolder(dataDir, backup, folder);

  stack = await start();
  const admin = await signIn(stack, stack.demo.tenantAdmin);
  const answer = await admin.send(`/api/people/${person.id}/erasure`, { method: 'POST', body: {} });
  expect(erasureResponse.parse(answer)).toMatchObject({ status: 'erased', subjectId: person.id });
  await expectGone(stack, person);
  expect(await sums(stack, person.id)).toEqual(before);
  await stop();

  copyFolder(backup, dataDir, 'pocketbase');
  stack = await start();
  await expectGone(stack, person);
  expect(await sums(stack, person.id)).toEqual(before);
  await stop();

  copyFolder(backup, dataDir, 'postgres');
  stack = await start();
  await expectGone(stack, person);
  // PocketBase has had the list all the while, so identity learns of it at its start.
  await expect.poll(() => isKnownToIdentity(person.id), { timeout: 60_000 }).toBe(false);
  expect(await sums(stack, person.id)).toEqual(before);
}, 400_000);
