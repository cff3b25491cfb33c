/**
 * Every field that a caller may not write, by every way that PocketBase knows to write one. What may be written is
 * listed; all other fields of a collection are protected, those that are added later too.
 */
import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, setStage, usageRow } from './stage.ts';

interface Field {
  name: string;
  type: string;
  values?: string[];
}
interface Target {
  collection: string;
  record: RecordModel;
  /** Fields that this caller may write. */
  allowed: string[];
}

let stage: Stage;
let fieldsOf: Map<string, Field[]>;
let callers: Record<'member' | 'admin', PocketBase>;
let targets: Record<'member' | 'admin', Target[]>;

// Thousands of requests, one after the other.
const LONG_MS = 300_000;
/** Set by the server, whatever is sent (`rev`, stamps), or not to be read even by a superuser. */
const STAMPS = ['id', 'created', 'updated', 'rev', 'password', 'tokenKey'];
const FORGED: Record<string, unknown> = {
  email: 'forged@example.test',
  slug: 'forged',
  time_zone: 'Europe/London',
  markup_percent: '0.01',
  key_hash: 'e'.repeat(64),
  charge_eur: '0.01',
  monthly_budget_eur: '9000',
  budget_override_eur: '9000',
  carry_over_cap_eur: '9000',
  domains: ['forged.example'],
};

function forgedValue({ name, type, values }: Field, current: unknown): unknown {
  if (name in FORGED) return FORGED[name];
  if (type === 'bool') return !current;
  if (type === 'number') return Number(current) + 1;
  if (type === 'select') return values?.find((value) => value !== current);
  if (type === 'date') return '2040-01-01 00:00:00.000Z';
  if (type === 'relation') return name === 'tenant' ? stage.south.id : relationOf(name);
  return 'forged';
}
function relationOf(name: string): string {
  if (name === 'product' || name === 'sign_up_product') return stage.otherProduct.id;
  if (name === 'user') return stage.people.southMember.id;
  return name === 'only_tenants' ? stage.south.id : stage.model.id;
}

beforeAll(async () => {
  stage = await setStage();
  const { superuser, people, north, product, model } = stage;
  const collections = await superuser.collections.getFullList();
  fieldsOf = new Map(
    collections.map(({ name, fields }) => [
      name,
      (fields as Field[]).filter(({ name: each }) => !STAMPS.includes(each)),
    ]),
  );
  callers = { member: await stage.signIn(people.member), admin: await stage.signIn(people.admin) };
  const body = { rows: [usageRow({ subjectId: people.member.id, tenantId: north.id })] };
  await stage.internal('POST', 'usage-logs', body);
  const key = (user: RecordModel) =>
    superuser.collection('api_keys').create({
      user: user.id,
      tenant: user.tenant,
      name: 'key',
      prefix: 'cf-Ab12',
      key_hash: randomUUID().replaceAll('-', '').repeat(2),
      revoked: true,
    });
  const newest = async (collection: string) =>
    (await superuser.collection(collection).getFirstListItem('id != ""')) as RecordModel;
  const closed = async () => [
    { collection: 'tenants', record: north, allowed: [] },
    { collection: 'products', record: product, allowed: [] },
    { collection: 'models', record: model, allowed: [] },
    { collection: 'usage_logs', record: await newest('usage_logs'), allowed: [] },
    { collection: 'audit_logs', record: await newest('audit_logs'), allowed: [] },
    { collection: 'outbox', record: await newest('outbox'), allowed: [] },
  ];
  const own = ['name', 'locale', 'emailVisibility'];
  const limits = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'];
  const ofKeys = ['expires', 'monthly_budget_eur', 'models'];
  const managed = [...own, 'role', 'product', 'status', 'budget_override_eur', 'cost_centre', ...limits];
  const fellow = await stage.createPerson({ role: 'tenant_admin', budget_override_eur: '5' });
  targets = {
    member: [
      { collection: 'users', record: people.member, allowed: own },
      { collection: 'users', record: people.colleague, allowed: [] },
      { collection: 'api_keys', record: await key(people.member), allowed: ['name'] },
      { collection: 'api_keys', record: await key(people.colleague), allowed: [] },
      ...(await closed()),
    ],
    admin: [
      { collection: 'users', record: people.admin, allowed: own },
      { collection: 'users', record: people.colleague, allowed: managed },
      { collection: 'users', record: fellow, allowed: [...own, 'status', 'cost_centre'] },
      { collection: 'users', record: people.southMember, allowed: [] },
      { collection: 'users', record: people.platformAdmin, allowed: [] },
      { collection: 'api_keys', record: await key(people.member), allowed: ['name', ...ofKeys, ...limits] },
      { collection: 'api_keys', record: await key(people.admin), allowed: ['name'] },
      { collection: 'api_keys', record: await key(people.southMember), allowed: [] },
      ...(await closed()),
    ],
  };
});
afterAll(() => stage.server.stop());

type Body = { type?: string; text: string } | FormData;
const json = (value: unknown): Body => ({ type: 'application/json', text: JSON.stringify(value) });
const plainText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function form(...entries: [string, unknown][]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, plainText(value));
  return data;
}

/** One body for each way to write a field. */
function waysToWrite(field: string, current: unknown, forged: unknown): Record<string, Body> {
  const [was, is] = [JSON.stringify(current ?? null), JSON.stringify(forged)];
  const name = JSON.stringify(field);
  return {
    value: json({ [field]: forged }),
    null: json({ [field]: null }),
    empty: json({ [field]: '' }),
    'field+': json({ [`${field}+`]: forged }),
    '+field': json({ [`+${field}`]: forged }),
    'field-': json({ [`${field}-`]: current }),
    'value and field+': json({ [field]: current, [`${field}+`]: forged }),
    array: json({ [field]: [forged] }),
    'array of both': json({ [field]: [current, forged] }),
    'duplicate key': { type: 'application/json', text: `{${name}:${was},${name}:${is}}` },
    'duplicate key, the other way round': { type: 'application/json', text: `{${name}:${is},${name}:${was}}` },
    'another case': json({
      [field.toUpperCase()]: forged,
      [field.replace(/_./g, (at) => at.slice(1).toUpperCase())]: forged,
    }),
    urlencoded: {
      type: 'application/x-www-form-urlencoded',
      text: `${field}=${encodeURIComponent(plainText(forged))}`,
    },
    multipart: form([field, forged]),
    'multipart twice': form([field, current], [field, forged]),
    'multipart field+': form([`${field}+`, forged]),
    '@jsonPayload': form(['@jsonPayload', JSON.stringify({ [field]: forged })]),
    '@jsonPayload field+': form(['@jsonPayload', JSON.stringify({ [`${field}+`]: forged })]),
    '@jsonPayload twice': form(
      ['@jsonPayload', JSON.stringify({ [field]: current })],
      ['@jsonPayload', JSON.stringify({ [field]: forged })],
    ),
    '@jsonPayload and a field': form(['@jsonPayload', JSON.stringify({ [field]: current })], [field, forged]),
  };
}

const send = (client: PocketBase, method: string, path: string, body: Body) =>
  fetch(`${stage.server.url}${path}`, {
    method,
    headers: {
      authorization: client.authStore.token,
      ...(!(body instanceof FormData) && body.type && { 'content-type': body.type }),
    },
    body: body instanceof FormData ? body : body.text,
  });

const stored = (target: Target) => stage.superuser.collection(target.collection).getOne(target.record.id);
const protectedOf = ({ collection, allowed }: Target) =>
  (fieldsOf.get(collection) ?? []).filter(({ name }) => !allowed.includes(name));

const changed = (before: RecordModel, after: RecordModel, fields: Field[]) =>
  fields.filter(({ name }) => JSON.stringify(after[name]) !== JSON.stringify(before[name])).map(({ name }) => name);

/** @returns one line for each way that changed something, such as `users role: array` */
async function findHoles(caller: PocketBase, target: Target, viaBatch: boolean): Promise<string[]> {
  const path = `/api/collections/${target.collection}/records/${target.record.id}`;
  const holes: string[] = [];
  const before = await stored(target);
  const fields = protectedOf(target);
  for (const field of fields) {
    const { name } = field;
    const forged = forgedValue(field, before[name]);
    const ways = viaBatch ? batched(path, name, forged) : waysToWrite(name, before[name], forged);
    for (const [way, body] of Object.entries(ways)) {
      const { ok } = await (viaBatch ? send(caller, 'POST', '/api/batch', body) : send(caller, 'PATCH', path, body));
      if (!ok) continue;
      if (changed(before, await stored(target), [field]).length === 0) continue;
      holes.push(`${target.collection} ${name}: ${way}`);
      await stage.superuser.collection(target.collection).update(target.record.id, { [name]: before[name] });
    }
  }
  // A refusal that has written all the same.
  return [...holes, ...changed(before, await stored(target), fields).map((name) => `${target.collection} ${name}`)];
}

function batched(url: string, field: string, forged: unknown): Record<string, Body> {
  const request = (body: unknown) => ({ requests: [{ method: 'PATCH', url, body }] });
  return {
    batch: json(request({ [field]: forged })),
    'batch field+': json(request({ [`${field}+`]: forged })),
    'batch multipart': form(['@jsonPayload', JSON.stringify(request({}))], [`requests.0.${field}`, forged]),
    'batch upsert': json({
      requests: [
        { method: 'PUT', url: url.replace(/\/[^/]+$/, ''), body: { id: url.split('/').at(-1), [field]: forged } },
      ],
    }),
  };
}

describe.each(['member', 'admin'] as const)('a %s writes no protected field', (role) => {
  test(
    'by any form of a request',
    async () => {
      const holes: string[] = [];
      for (const target of targets[role]) holes.push(...(await findHoles(callers[role], target, false)));
      expect(holes).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'by a batch, were it switched on',
    async () => {
      await stage.superuser.settings.update({ batch: { enabled: true } });
      const holes: string[] = [];
      for (const target of targets[role]) holes.push(...(await findHoles(callers[role], target, true)));
      await stage.superuser.settings.update({ batch: { enabled: false } });
      expect(holes).toEqual([]);
    },
    LONG_MS,
  );
});

test('the forms do write where one may: else they would prove nothing', async () => {
  const { colleague } = stage.people;
  const path = `/api/collections/users/records/${colleague.id}`;
  const written: string[] = [];
  for (const [way, body] of Object.entries(waysToWrite('cost_centre', '', 'forged'))) {
    await stage.superuser.collection('users').update(colleague.id, { cost_centre: '' });
    await send(callers.admin, 'PATCH', path, body);
    const { cost_centre } = await stage.superuser.collection('users').getOne(colleague.id);
    if (cost_centre !== '') written.push(way);
  }
  expect(written).toEqual(
    expect.arrayContaining(['value', 'multipart', 'urlencoded', '@jsonPayload', 'duplicate key']),
  );
});
