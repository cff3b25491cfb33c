/** The whole installation is backed up while people use it, and comes back elsewhere: who signs in, what they spent. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { budget, type StackFile, usagePage } from '@cloudfreedom/contracts';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import PocketBase from 'pocketbase';
import { afterAll, expect, inject, test } from 'vitest';
import { folderBesides } from '../../src/stack/databases.ts';
import { ROOT } from '../../src/stack/settings.ts';
import { budgetOf, eventually, newPerson, type Person, stack, superuser, usageOf } from './people.ts';
import { freePortBase, launch, newDataDir, type RunningStack, stopStack, waitUntilReady } from './running-stack.ts';
import { newTenantsFolder } from './running-tenant.ts';

const REQUEST = { model: 'gpt-5.4-mini', messages: [{ role: 'user' as const, content: 'Hello there' }] };
const tenants = newTenantsFolder();
const home = newDataDir();
const places = { backups: path.join(home, 'backups'), dataDir: path.join(home, 'restored') };
let restored: RunningStack | undefined;

afterAll(async () => {
  if (restored) await stopStack(restored);
  for (const folder of [home, tenants, folderBesides(places.dataDir)]) rmSync(folder, { recursive: true, force: true });
});

function command(name: 'backup' | 'restore', words: string[], env: Record<string, string>) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, TENANTS_DIR: tenants, ...env } };
    const all = ['--disable-warning=ExperimentalWarning', `tools/src/${name}.ts`, ...words];
    execFile(process.execPath, all, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

/** Requests, one after the other, until told to stop. */
function keepAsking(person: Person): () => Promise<number> {
  let goesOn = true;
  const asked = (async () => {
    let answered = 0;
    for (; goesOn; answered++) await person.openai.chat.completions.create(REQUEST);
    return answered;
  })();
  return () => {
    goesOn = false;
    return asked;
  };
}

const booksOf = async (apiKey: string) => {
  const { spent, held } = await budgetOf(apiKey);
  return { spent, held, usage: await usageOf(apiKey) };
};

async function booksThere({ urls }: StackFile, apiKey: string) {
  const read = async (route: string) =>
    (await fetch(`${urls.billing}${route}`, { headers: { authorization: `Bearer ${apiKey}` } })).json();
  const { spent, held } = budget.parse(await read('/v1/budget'));
  return { spent, held, usage: usagePage.parse(await read('/v1/usage')).items };
}

/** What PocketBase shows of a person's usage, in the restored installation. */
async function shownUsage({ urls, demo }: StackFile, subject: string): Promise<number> {
  const client = new PocketBase(urls.pocketbase);
  await client.collection('_superusers').authWithPassword(demo.superuser.email, demo.superuser.password);
  const filter = client.filter('subject = {:subject}', { subject });
  return (await client.collection('usage_logs').getList(1, 1, { filter })).totalItems;
}

test('made while requests run; elsewhere the same people, money and rows; who was erased since stays erased', async () => {
  const [ada, busy, gone] = [await newPerson(), await newPerson(), await newPerson()];
  for (const { openai } of [ada, ada, gone]) await openai.chat.completions.create(REQUEST);
  const before = await eventually(async () => {
    const books = await booksOf(ada.apiKey);
    return books.usage.length === 2 ? books : undefined;
  });
  const stop = keepAsking(busy);
  const identity = await generateX25519Identity();
  const keys = { BACKUP_RECIPIENT: await identityToRecipient(identity), DATA_DIR: inject('dataDir') };
  const made = await command('backup', ['--to', places.backups], keys).finally(stop);
  expect(made.code, made.output).toBe(0);
  expect(await stop()).toBeGreaterThan(0);
  const name = readdirSync(places.backups).find((file) => file.endsWith('.age')) ?? '';
  expect(readFileSync(path.join(places.backups, name)).includes(stack.demo.apiKey)).toBe(false);
  await (await superuser()).collection('users').delete(gone.record.id);
  expect(await command('backup', ['--to', places.backups, '--erasures'], keys)).toMatchObject({ code: 0 });

  const there = { BACKUP_IDENTITY: identity, DATA_DIR: places.dataDir };
  const from = ['--from', path.join(places.backups, name)];
  mkdirSync(places.dataDir);
  writeFileSync(path.join(places.dataDir, 'mine'), '');
  expect((await command('restore', from, there)).output).toContain('is not empty: move it away');
  rmSync(path.join(places.dataDir, 'mine'));
  const back = await command('restore', from, there);
  expect(back.code, back.output).toBe(0);
  expect(existsSync(`${places.dataDir}.restoring`)).toBe(false);

  restored = launch(places.dataDir, await freePortBase());
  const file = await waitUntilReady(restored);
  expect(file.demo).toEqual(stack.demo);
  expect(await booksThere(file, ada.apiKey)).toEqual(before);
  await new PocketBase(file.urls.pocketbase).collection('users').authWithPassword(ada.email, ada.password);
  const signIn = new PocketBase(file.urls.pocketbase).collection('users').authWithPassword(gone.email, gone.password);
  await expect(signIn).rejects.toMatchObject({ status: 400 });
  const asked = await fetch(`${file.urls.billing}/v1/budget`, { headers: { authorization: `Bearer ${gone.apiKey}` } });
  expect(asked.status).toBe(401);
  // A request that was under way ends there as an estimate, first in the books and then for people to see.
  const unshown = async () =>
    (await booksThere(file, busy.apiKey)).usage.length - (await shownUsage(file, busy.record.id));
  await expect.poll(unshown).toBe(0);
  const answer = await fetch(`${file.urls.proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ada.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(REQUEST),
  });
  expect(answer.status).toBe(200);
}, 600_000);
