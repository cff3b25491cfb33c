/** A thousand changes through PocketBase's API while PocketBase and billing are killed (SIGKILL) at random moments. */
import { randomBytes, randomInt } from 'node:crypto';
import { DIRECTORY_COLLECTIONS } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './kill/directory-world.ts';

const CHANGES = 1_000;
const WRITERS = 4;
const KILLS = ['pocketbase', 'billing', 'pocketbase', 'pocketbase', 'billing', 'pocketbase'] as const;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.startPocketBase();
  await world.startBilling();
});
afterAll(() => world?.stop());

/** One after the other on records of its own; a change counts when PocketBase has answered. */
class Writer {
  product = '';
  person = '';
  keys: string[] = [];
  /** The last value that PocketBase confirmed, by record. */
  confirmed = { product: 0, person: 0 };

  async prepare(client: PocketBase, tenant: string): Promise<void> {
    const password = randomBytes(12).toString('hex');
    const name = randomBytes(6).toString('hex');
    this.product = (await client.collection('products').create({ name, monthly_budget_eur: '1' })).id;
    const person = {
      email: `${name}@example.test`,
      password,
      passwordConfirm: password,
      tenant,
      product: this.product,
    };
    this.person = (await client.collection('users').create(person)).id;
  }

  async change(client: PocketBase, value: number, tenant: string): Promise<void> {
    const dice = randomInt(10);
    if (dice < 4) {
      await client.collection('products').update(this.product, { output_cap_tokens: value });
      this.confirmed.product = value;
    } else if (dice < 7) {
      await client.collection('users').update(this.person, { cost_centre: String(value) });
      this.confirmed.person = value;
    } else if (dice < 9 || this.keys.length === 0) {
      const key = {
        user: this.person,
        tenant,
        name: 'killed',
        prefix: 'cf-Ab12',
        key_hash: randomBytes(32).toString('hex'),
      };
      this.keys.push((await client.collection('api_keys').create(key)).id);
    } else {
      await client.collection('api_keys').delete(this.keys.shift() ?? '');
    }
  }
}

/** Signed in again until PocketBase is there: its superuser's sessions end with each start. */
async function signInWhenThere(): Promise<PocketBase> {
  for (;;) {
    const client = await world.signIn().catch(() => undefined);
    if (client) return client;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function write(writers: Writer[], tenant: string, onChange: (done: number) => Promise<void>): Promise<void> {
  let done = 0;
  let killing = Promise.resolve();
  const work = async (writer: Writer) => {
    let client = await signInWhenThere();
    while (done < CHANGES) {
      try {
        await writer.change(client, done + 1, tenant);
        done += 1;
        const now = done;
        killing = killing.then(() => onChange(now));
      } catch (error) {
        // Cut off in the middle (0), or a session from before the start. A key's deletion may have happened unheard (404).
        if (!(error instanceof ClientResponseError) || ![0, 401, 403, 404].includes(error.status)) throw error;
        client = await signInWhenThere();
      }
    }
  };
  await Promise.all(writers.map(work));
  await killing;
}

async function kill(which: (typeof KILLS)[number]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, randomInt(20)));
  if (which === 'pocketbase') {
    await world.killPocketBase();
    await world.startPocketBase();
  } else {
    await world.killBilling();
    await world.startBilling();
  }
}

async function differences(): Promise<string[]> {
  const source = await world.readSource();
  const found: string[] = [];
  for (const collection of DIRECTORY_COLLECTIONS) {
    const copy = await world.readCopy(collection);
    const records = Object.fromEntries(source[collection].map((record) => [record.id, record]));
    for (const id of new Set([...Object.keys(copy), ...Object.keys(records)])) {
      const [here, there] = [copy[id] as { rev: number } | undefined, records[id]];
      if (here?.rev !== there?.rev) found.push(`${collection} ${id}: ${here?.rev} instead of ${there?.rev}`);
      else expect(here).toEqual(there);
    }
  }
  return found;
}

test('afterwards nothing confirmed is lost, and the copy is equal long before the next whole comparison', async () => {
  const client = await world.signIn();
  const tenant = (await client.collection('tenants').create({ name: 'Killed', slug: 'killed', type: 'dev' })).id;
  const writers = Array.from({ length: WRITERS }, () => new Writer());
  for (const writer of writers) await writer.prepare(client, tenant);
  const moments = KILLS.map((_, index) => Math.floor(((index + Math.random()) * CHANGES) / KILLS.length) + 1);
  await write(writers, tenant, async (done) => {
    const which = KILLS[moments.indexOf(done)];
    if (which) await kill(which);
  });
  const again = await signInWhenThere();
  for (const { product, person, confirmed } of writers) {
    const stored = await again.collection('products').getOne(product);
    expect(stored.output_cap_tokens).toBeGreaterThanOrEqual(confirmed.product);
    const { cost_centre } = await again.collection('users').getOne(person);
    expect(Number(cost_centre)).toBeGreaterThanOrEqual(confirmed.person);
  }
  // Once more with nothing after it: no later change carries the rest along.
  await Promise.all([
    kill('pocketbase'),
    ...writers.map((writer) => writer.change(again, CHANGES + 1, tenant).catch(() => {})),
  ]);
  await expect.poll(differences, { timeout: 15_000, interval: 100 }).toEqual([]);
}, 240_000);

test('what was committed and not delivered goes out at the next start, not with the next minute or change', async () => {
  const client = await world.signIn();
  const plan = await client.collection('products').create({ name: 'Cut off', monthly_budget_eur: '1' });
  world.line.cut();
  const update = client.collection('products').update(plan.id, { output_cap_tokens: 7 });
  const cutOff = update.then(
    () => false,
    () => true,
  );
  await expect.poll(async () => (await client.collection('products').getOne(plan.id)).output_cap_tokens).toBe(7);
  await world.killPocketBase();
  expect(await cutOff).toBe(true);
  world.line.mend();
  await world.startPocketBase();
  await expect.poll(differences, { timeout: 5_000, interval: 50 }).toEqual([]);
});
