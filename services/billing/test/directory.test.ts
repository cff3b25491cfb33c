import type { DirectorySnapshot, UserRecord } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBilling } from '../src/billing.ts';
import { reconcile } from '../src/directory/reconcile.ts';
import { type Fixture, RECORDS_ON_A_PAGE, SECRET, signed, startFixture } from './billing-fixture.ts';
import { apiKey, changesOf, model, newId, nextRev, product, tenant, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const access = () => ({ url: fixture.pocketbase.url, internalSecret: SECRET });
function post(body: string, signature?: string) {
  const headers = { 'content-type': 'application/json', ...(signature && { 'x-signature': signature }) };
  return fixture.billing.app.inject({ method: 'POST', url: '/internal/directory', headers, body });
}
async function stored(table: string, id: string) {
  const { rows } = await fixture.owner.query(`SELECT rev, deleted, record FROM ${table} WHERE id = $1`, [id]);
  return rows[0];
}

describe('changes that PocketBase sends', () => {
  test('without the right signature nothing is applied', async () => {
    const body = JSON.stringify({ changes: changesOf({ tenants: [tenant()] }) });
    const count = () => fixture.owner.query('SELECT count(*) FROM directory_tenants').then(({ rows }) => rows[0].count);
    const before = await count();
    const wrong = [undefined, 'nonsense', '0'.repeat(64), signed(`${body} `)];
    for (const signature of wrong) {
      const response = await post(body, signature);
      expect([response.statusCode, response.json().error.code]).toEqual([401, 'invalid_signature']);
    }
    expect(await count()).toBe(before);
  });

  test('the newest revision wins, whatever the order and however often it comes', async () => {
    const id = newId();
    const [older, newer] = [tenant({ id, rev: 1000, name: 'Old' }), tenant({ id, rev: 1001, name: 'New' })];
    await fixture.announce({ tenants: [newer] });
    await fixture.announce({ tenants: [older] });
    await fixture.announce({ tenants: [older, newer, older] });
    expect(await stored('directory_tenants', id)).toMatchObject({ rev: 1001n, record: { name: 'New' } });
  });

  test('a tombstone stays: a late change does not bring the record back', async () => {
    const person = user({ tenantId: newId(), rev: 2000 });
    await fixture.announce({ users: [person] });
    // Gone from PocketBase first: a person's end hastens the comparison, which would take an older snapshot for a restore.
    const { snapshot } = fixture.pocketbase;
    snapshot.users = snapshot.users.filter(({ id }) => id !== person.id);
    snapshot.rev = Math.max(snapshot.rev, 2002);
    const body = JSON.stringify({ changes: [{ collection: 'users', id: person.id, rev: 2002, record: null }] });
    expect((await post(body, signed(body))).json()).toEqual({ applied: 1 });
    const late = JSON.stringify({ changes: changesOf({ users: [{ ...person, rev: 2001 }] }) });
    expect((await post(late, signed(late))).json()).toEqual({ applied: 0 });
    expect(await stored('directory_users', person.id)).toEqual({ rev: 2002n, deleted: true, record: null });
  });

  test('a record that is not right is refused with its path, and nothing of the request is applied', async () => {
    const good = tenant();
    const changes = [...changesOf({ tenants: [good] }), { ...changesOf({ tenants: [tenant()] })[0], rev: -1 }];
    const body = JSON.stringify({ changes });
    const response = await post(body, signed(body));
    expect(response.statusCode).toBe(400);
    expect(response.json().error.param).toBe('changes[1].rev');
    expect(await stored('directory_tenants', good.id)).toBeUndefined();
  });

  test('malformed JSON with a right signature is 400', async () => {
    expect((await post('{"changes":', signed('{"changes":'))).statusCode).toBe(400);
  });
});

describe('the comparison with PocketBase', () => {
  test('takes what is newer, buries what is gone, and goes back with a PocketBase that was set back', async () => {
    const here = tenant({ rev: nextRev() });
    const gone = product({ rev: nextRev() });
    const forgotten = model({ rev: 9_000_000 });
    await fixture.announce({ tenants: [here], products: [gone], models: [forgotten] });
    const snapshot: DirectorySnapshot = {
      rev: 5_000,
      tenants: [{ ...here, rev: 4_000, name: 'Renamed' }],
      products: [],
      users: [],
      api_keys: [],
      models: [{ ...forgotten, rev: 1, displayName: 'As in the backup' }],
    };
    fixture.pocketbase.snapshot = snapshot;
    // A comparison of billing's own, hastened by the test before, may find it first.
    await reconcile(fixture.service, access());
    expect(await stored('directory_tenants', here.id)).toMatchObject({ rev: 4_000n, record: { name: 'Renamed' } });
    expect(await stored('directory_products', gone.id)).toMatchObject({ deleted: true, record: null });
    expect(await stored('directory_models', forgotten.id)).toMatchObject({
      record: { displayName: 'As in the backup' },
    });
  });

  test('is sent only pages with news, and still finds what changed, came and went', async () => {
    const people = Array.from({ length: 7 }, () => user({ tenantId: newId(), rev: nextRev() }));
    const rev = nextRev();
    fixture.pocketbase.snapshot = { rev, tenants: [], products: [], users: people, api_keys: [], models: [] };
    const compare = async () => {
      const sent = fixture.pocketbase.recordsSent;
      await reconcile(fixture.service, access(), RECORDS_ON_A_PAGE);
      return fixture.pocketbase.recordsSent - sent;
    };
    await compare();
    expect(await compare()).toBe(0);

    const [gone, changed, ...kept] = people.sort((a, b) => (a.id < b.id ? -1 : 1)) as [UserRecord, UserRecord];
    const renamed = { ...changed, costCentre: 'moved', rev: nextRev() };
    const last = user({ id: 'zzzzzzzzzzzzzzz', tenantId: newId(), rev: nextRev() });
    fixture.pocketbase.snapshot = { ...fixture.pocketbase.snapshot, rev: nextRev(), users: [renamed, ...kept, last] };
    await compare();
    expect(await stored('directory_users', gone.id)).toMatchObject({ deleted: true });
    expect(await stored('directory_users', changed.id)).toMatchObject({ record: { costCentre: 'moved' } });
    expect(await stored('directory_users', last.id)).toMatchObject({ deleted: false });
    expect(await compare()).toBe(0);
  });

  test('a page that is not right ends it, and nothing is buried', async () => {
    const kept = apiKey({ tenantId: newId(), userId: newId() });
    await fixture.announce({ api_keys: [kept] });
    const none = { tenants: [], products: [], users: [], api_keys: [] };
    const models = [{ ...model(), name: 5 }] as unknown as DirectorySnapshot['models'];
    fixture.pocketbase.snapshot = { rev: 9_999_999, ...none, models };
    await expect(reconcile(fixture.service, access())).rejects.toThrow();
    expect(await stored('directory_api_keys', kept.id)).toMatchObject({ deleted: false });
  });
});

test('ready only after the directory was read once; then also while PocketBase is down', async () => {
  const url = new URL(fixture.config.MIGRATION_DATABASE_URL);
  await fixture.owner.query('CREATE DATABASE never_read');
  url.pathname = '/never_read';
  const serviceUrl = new URL(fixture.config.DATABASE_URL);
  serviceUrl.pathname = '/never_read';
  fixture.pocketbase.down = true;
  const config = { ...fixture.config, MIGRATION_DATABASE_URL: url.href, DATABASE_URL: serviceUrl.href };
  const start = () => startBilling(config, createLogger('billing', 'silent'));
  const ready = async (billing: Awaited<ReturnType<typeof start>>) => {
    const response = await billing.app.inject({ url: '/ready' });
    return [response.statusCode, response.json().error?.message];
  };
  const first = await start();
  expect(await ready(first)).toEqual([503, 'Not ready: the directory has never been read from PocketBase']);
  fixture.pocketbase.down = false;
  fixture.pocketbase.snapshot = { rev: 1, tenants: [], products: [], users: [], api_keys: [], models: [] };
  await expect.poll(() => ready(first), { timeout: 10_000 }).toEqual([200, undefined]);
  await first.app.close();
  await first.release();

  fixture.pocketbase.down = true;
  const second = await start();
  await expect.poll(() => ready(second), { timeout: 10_000 }).toEqual([200, undefined]);
  await second.app.close();
  await second.release();
  fixture.pocketbase.down = false;
});
