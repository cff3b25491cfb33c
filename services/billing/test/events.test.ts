/** The stream of changes by which proxies forget what they remember. */
import type { AddressInfo } from 'node:net';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBilling } from '../src/billing.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { type EventReader, readEventStream } from './event-reader.ts';
import { apiKey, model, nextRev, product, user } from './records.ts';

let fixture: Fixture;
let url: string;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.billing.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(fixture.billing.app.server.address() as AddressInfo).port}`;
});
afterAll(() => fixture?.stop());

const seen = (reader: EventReader, count: number) =>
  expect.poll(() => reader.events.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
const RESET = { kind: 'reset', id: '' };

/** Connected, behind everything that was before. */
async function listen(token: string): Promise<EventReader> {
  const reader = await readEventStream(url, token);
  await seen(reader, 1);
  expect(reader.events).toEqual([RESET]);
  reader.events.length = 0;
  return reader;
}

test('each kind of change reaches the tenant that it concerns, in order, and no other', async () => {
  const person = await newPerson(fixture);
  const other = await newPerson(fixture);
  const [own, others] = [await listen(person.token), await listen(other.token)];
  const { keyRecord: key, product: plan, tenant, user: somebody } = person;
  const ofOwn = model({ id: 'modelofonetenan', name: 'own', deployment: 'own', tenants: [tenant.id] });
  await fixture.announce({ tenants: [{ ...tenant, rev: nextRev(), status: 'suspended' }] });
  await fixture.announce({ users: [{ ...somebody, rev: nextRev(), status: 'suspended' }] });
  await fixture.announce({ api_keys: [{ ...key, rev: nextRev(), revoked: true }] });
  await fixture.announce({ products: [{ ...plan, rev: nextRev(), requestsPerMinute: 1 }] });
  await fixture.announce({ models: [ofOwn] });
  const forAll = model();
  await fixture.announce({ models: [forAll] });
  await seen(own, 6);
  expect(own.events).toEqual([
    { kind: 'tenant', id: tenant.id },
    { kind: 'user', id: somebody.id },
    { kind: 'api_key', id: key.id },
    { kind: 'product', id: plan.id },
    { kind: 'model', id: ofOwn.id },
    { kind: 'model', id: forAll.id },
  ]);
  await seen(others, 1);
  expect(others.events).toEqual([{ kind: 'model', id: forAll.id }]);
  await fixture.owner.query(
    `INSERT INTO price_versions (provider, model, effective_from, source) VALUES ('openai', 'm', now(), 'test')`,
  );
  await seen(others, 2);
  expect(others.events[1]).toEqual({ kind: 'price', id: 'm' });
  await Promise.all([own.close(), others.close()]);
});

test('a record that goes, and a model that is taken from a tenant, are told to whom they concerned', async () => {
  const person = await newPerson(fixture);
  const { key: _secret, ...spare } = apiKey({ tenantId: person.tenant.id, userId: person.user.id });
  const ofOwn = model({ id: 'modeltakenaway0', name: 'taken', deployment: 'taken', tenants: [person.tenant.id] });
  await fixture.announce({ api_keys: [spare], models: [ofOwn] });
  const reader = await listen(person.token);
  await fixture.announce({ models: [{ ...ofOwn, rev: nextRev(), tenants: ['somebodyelse000'] }] });
  fixture.pocketbase.snapshot.api_keys = fixture.pocketbase.snapshot.api_keys.filter(({ id }) => id !== spare.id);
  const { rows } = await fixture.owner.query(
    `UPDATE directory_api_keys SET deleted = true, record = NULL, rev = $2 WHERE id = $1 RETURNING id`,
    [spare.id, nextRev()],
  );
  expect(rows).toHaveLength(1);
  await seen(reader, 2);
  expect(reader.events).toEqual([
    { kind: 'model', id: ofOwn.id },
    { kind: 'api_key', id: spare.id },
  ]);
  await reader.close();
});

test('what is no news is no event', async () => {
  const person = await newPerson(fixture);
  const reader = await listen(person.token);
  await fixture.announce({ users: [person.user], products: [product()] });
  const changed = { ...person.user, rev: nextRev(), costCentre: 'new' };
  await fixture.announce({ users: [changed, user({ tenantId: person.tenant.id })] });
  await seen(reader, 2);
  expect(reader.events.every(({ kind }) => kind === 'user')).toBe(true);
  expect(reader.events).toContainEqual({ kind: 'user', id: person.user.id });
  await reader.close();
});

test('resumed from the last id: what happened meanwhile, through another billing that was started since', async () => {
  const person = await newPerson(fixture);
  const reader = await listen(person.token);
  await reader.close();
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), costCentre: 'meanwhile' }] });
  const second = await startBilling(fixture.config, createLogger('billing', 'silent'));
  await second.app.listen({ host: '127.0.0.1', port: 0 });
  const secondUrl = `http://127.0.0.1:${(second.app.server.address() as AddressInfo).port}`;
  const resumed = await readEventStream(secondUrl, person.token, reader.lastEventId);
  await seen(resumed, 1);
  expect(resumed.events).toEqual([{ kind: 'user', id: person.user.id }]);
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), costCentre: 'later' }] });
  await seen(resumed, 2);
  // Closing doesn't wait for its streams, it ends them.
  await second.app.close();
  await resumed.ended;
  await second.release();
});

test.each([
  '',
  'nonsense',
  '1',
  '999999999-3f0c2a52-6d0e-4d26-9d3c-0d8f4f9b1c11',
  '1-3f0c2a52-6d0e-4d26-9d3c-0d8f4f9b1c11',
])('a last id that the log does not know (%j) is answered by a reset', async (lastEventId) => {
  const person = await newPerson(fixture);
  const reader = await readEventStream(url, person.token, lastEventId);
  await seen(reader, 1);
  expect(reader.events).toEqual([RESET]);
  await reader.close();
});

test('too old: a reset, and from there on as usual', async () => {
  const person = await newPerson(fixture);
  const reader = await listen(person.token);
  await reader.close();
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), costCentre: 'forgotten' }] });
  await fixture.owner.query('DELETE FROM directory_events WHERE seq < (SELECT max(seq) FROM directory_events)');
  const resumed = await readEventStream(url, person.token, reader.lastEventId);
  await seen(resumed, 1);
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), costCentre: 'heard' }] });
  await seen(resumed, 2);
  expect(resumed.events).toEqual([RESET, { kind: 'user', id: person.user.id }]);
  await resumed.close();
});

test('a token that is revoked hears of nothing more, and opens no stream', async () => {
  const person = await newPerson(fixture);
  const reader = await listen(person.token);
  await fixture.owner.query('UPDATE service_tokens SET revoked_at = now() WHERE tenant_id = $1', [person.tenant.id]);
  await fixture.announce({ users: [{ ...person.user, rev: nextRev(), costCentre: 'secret' }] });
  await reader.ended;
  expect(reader.events).toEqual([]);
  expect((await readEventStream(url, person.token)).status).toBe(401);
  expect((await readEventStream(url, person.key)).status).toBe(401);
});
