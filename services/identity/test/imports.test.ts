/** Imports through identity into a real PocketBase: files as spreadsheets write them, whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IMPORT_LINES_MAX, type ImportReport, importReport } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import type PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INTERNAL_SECRET, type Person, type Stage, setStage } from '../../pocketbase/test/stage.ts';
import { buildApp } from '../src/app.ts';
import { createPocketBaseClient } from '../src/pocketbase/pocketbase-client.ts';
import { openKeyring } from '../src/signing-keys/keyring.ts';

let stage: Stage;
let app: Awaited<ReturnType<typeof buildApp>>;
let folder: string;
let closeKeyring: () => void;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-imports-'));
  stage = await setStage();
  const keyring = await openKeyring({ file: path.join(folder, 'keys.json'), onFault: () => {} });
  closeKeyring = () => keyring.close();
  app = await buildApp({
    logger: createLogger('identity', 'silent'),
    corsOrigins: [],
    issuer: 'http://identity.test',
    pocketbase: createPocketBaseClient({ url: stage.server.url, internalSecret: INTERNAL_SECRET }),
    keyring,
  });
});
afterAll(async () => {
  await app.close();
  closeKeyring();
  await stage.server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sessions = new Map<string, PocketBase>();
async function sessionOf(person: Person): Promise<string> {
  const client = sessions.get(person.id) ?? (await stage.signIn(person));
  sessions.set(person.id, client);
  return client.authStore.token;
}
async function send(person: Person, kind: string, file: string | Buffer, query = '?dryRun=false') {
  return app.inject({
    method: 'POST',
    url: `/v1/imports/${kind}${query}`,
    headers: { authorization: `Bearer ${await sessionOf(person)}`, 'content-type': 'text/csv' },
    body: file,
  });
}
async function run(person: Person, kind: string, file: string | Buffer, query?: string): Promise<ImportReport> {
  const response = await send(person, kind, file, query);
  expect(response.statusCode, response.body).toBe(200);
  return importReport.parse(response.json());
}
const byEmail = async (email: string) =>
  (await stage.superuser.collection('users').getFullList({ filter: `email = "${email}"` }))[0];
const faultsOf = ({ faults }: ImportReport) => faults.map(({ line, column }) => [line, column]);
const countPeople = async () => (await stage.superuser.collection('users').getList(1, 1)).totalItems;
const newAddress = () => `p${randomBytes(5).toString('hex')}@import.test`;

describe('files as spreadsheets write them', () => {
  test('semicolons, BOM, CRLF, quotes, German amounts: tried, applied, and unchanged the second time', async () => {
    const { platformAdmin } = stage.people;
    const [ada, ben] = [newAddress(), newAddress()];
    const file =
      `\ufeffE-Mail;x\r\n`.replace('E-Mail;x', 'email;name;tenant;product;role;cost_centre;monthly_budget_eur') +
      `${ada.toUpperCase()};"Krüger; ""Ada""";north;Standard;tenant_admin;;\r\n` +
      `\r\n${ben};Ben;south;;member;4100;"25,50 €"\r\n`;
    const tried = await run(platformAdmin, 'people', file, '');
    expect(tried).toMatchObject({ status: 'checked', lines: 2, created: 2, changed: 0, faultsTotal: 0 });
    expect(await byEmail(ada)).toBeUndefined();
    expect(await run(platformAdmin, 'people', file)).toMatchObject({ status: 'applied', created: 2 });
    expect(await byEmail(ada)).toMatchObject({
      name: 'Krüger; "Ada"',
      tenant: stage.north.id,
      product: stage.product.id,
      role: 'tenant_admin',
      kind: 'person',
      status: 'active',
      verified: false,
    });
    expect(await byEmail(ben)).toMatchObject({ budget_override_eur: '25.50', cost_centre: '4100', locale: 'de' });
    expect(await run(platformAdmin, 'people', file)).toMatchObject({ status: 'applied', created: 0, unchanged: 2 });
    const changed = await run(platformAdmin, 'people', `email,monthly_budget_eur,cost_centre\n${ben},-,\n`);
    expect(changed).toMatchObject({ status: 'applied', changed: 1, rows: [{ line: 2, key: ben, action: 'change' }] });
    expect(await byEmail(ben)).toMatchObject({ budget_override_eur: '', cost_centre: '4100', name: 'Ben' });
  });

  test('the example files of the documentation are accepted', async () => {
    const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../../../docs/import', name));
    const { platformAdmin } = stage.people;
    expect(await run(platformAdmin, 'tenants', read('tenants.csv'))).toMatchObject({ status: 'applied', faults: [] });
    expect(await run(platformAdmin, 'people', read('people.csv'))).toMatchObject({ status: 'applied', faults: [] });
    expect(await run(platformAdmin, 'tenants', read('tenants.csv'))).toMatchObject({ created: 0, changed: 0 });
    expect(await run(platformAdmin, 'people', read('people.csv'))).toMatchObject({ created: 0, changed: 0 });
  });

  test('imported people have no password that anybody could know', async () => {
    const email = newAddress();
    await run(stage.people.platformAdmin, 'people', `email,name,tenant\n${email},Nobody,north\n`);
    for (const password of ['', 'null', 'a-long-enough-password'])
      await expect(stage.client().collection('users').authWithPassword(email, password)).rejects.toThrow();
  });
});

describe('faults', () => {
  test('all of them, by line and column, in the caller`s language; nothing is written', async () => {
    const german = await stage.createPerson({ role: 'platform_admin', locale: 'de' });
    const good = newAddress();
    const file = [
      'email,name,tenant,product,role,monthly_budget_eur',
      `${good},Good,north,Standard,member,10`,
      'no-address,A,north,,member,',
      `${newAddress()},=cmd,nowhere,,chef,1.000`,
      `${good},Twice,north,,,`,
      `${newAddress()},B,north,No such plan,,-5`,
      `,C,north,,,`,
      `${newAddress()},D,,,,`,
      `${newAddress()},too,few`,
      `${newAddress()},E,nowhere,,,`,
    ].join('\n');
    const before = await countPeople();
    const report = await run(german, 'people', file);
    expect(report).toMatchObject({ status: 'refused', lines: 9 });
    expect(faultsOf(report)).toEqual([
      [3, 'email'],
      [4, 'name'],
      [4, 'role'],
      [4, 'monthly_budget_eur'],
      [5, 'email'],
      [6, 'monthly_budget_eur'],
      [7, 'email'],
      [8, 'tenant'],
      [9, null],
      [10, 'tenant'],
    ]);
    expect(report.faults[0]?.message).toBe('Das ist keine E-Mail-Adresse wie name@firma.de.');
    expect(report.faults[4]?.message).toBe('Steht schon in Zeile 2. Löschen Sie eine der beiden.');
    expect(report.faults.at(-1)?.message).toMatch(/^Diesen Mandanten gibt es nicht/);
    expect(await countPeople()).toBe(before);
  });

  test.each([
    ['not in UTF-8', Buffer.from('email,name\nk@x.test,Kr\xfcger\n', 'latin1'), 1, null],
    ['empty', '', 1, null],
    ['a header only', 'email,name\n', 1, null],
    ['an unknown column', 'email,nick\na@b.test,A\n', 1, 'nick'],
    ['without its key', 'name\nA\n', 1, 'email'],
    ['a column twice', 'email,name,name\na@b.test,A,B\n', 1, 'name'],
    ['an open quote', 'email,name\na@b.test,"A\n', 2, null],
    ['a product that is none', `email,tenant,product\nz@b.test,north,None\n`, 2, 'product'],
  ])('%s', async (_what, file, line, column) => {
    const report = await run(stage.people.platformAdmin, 'people', file);
    expect(report.status).toBe('refused');
    expect(faultsOf(report)[0]?.[1]).toBe(column);
    expect(report.faults[0]?.line).toBeGreaterThanOrEqual(line);
  });

  test('too many lines, too many bytes, not CSV', async () => {
    const { platformAdmin } = stage.people;
    const lines = Array.from({ length: IMPORT_LINES_MAX + 1 }, (_, index) => `p${index}@x.test`).join('\n');
    expect((await run(platformAdmin, 'people', `email\n${lines}\n`)).faults[0]?.message).toMatch(/^Mehr als/);
    expect((await send(platformAdmin, 'people', 'x'.repeat(3_000_000))).statusCode).toBe(413);
    const json = await app.inject({
      method: 'POST',
      url: '/v1/imports/people',
      headers: { authorization: `Bearer ${await sessionOf(platformAdmin)}` },
      payload: { email: 'a@b.test' },
    });
    expect(json.statusCode).toBe(415);
    expect((await send(platformAdmin, 'products', 'name\n')).statusCode).toBe(400);
  });

  test('what PocketBase itself refuses comes back with its line and field', async () => {
    const file = 'slug,name,type,time_zone,markup_percent\neast,East,internal,Mars/Olympus,0\nwest,West,internal,,5\n';
    const report = await run(stage.people.platformAdmin, 'tenants', file);
    expect(faultsOf(report)).toEqual([
      [2, 'time_zone'],
      [3, 'markup_percent'],
    ]);
    expect(report.faults[0]?.message).toContain('IANA');
  });
});

describe('who may', () => {
  const file = (email: string, rest: Record<string, string> = {}) => {
    const fields = { email, name: 'New', ...rest };
    return `${Object.keys(fields).join(',')}\n${Object.values(fields).join(',')}\n`;
  };

  test('members import nothing, tenant admins no tenants', async () => {
    const { member, admin } = stage.people;
    expect((await send(member, 'people', file(newAddress()))).statusCode).toBe(403);
    expect((await send(admin, 'tenants', 'slug,name,type\nnew,New,dev\n')).statusCode).toBe(403);
    const response = await app.inject({
      method: 'POST',
      url: '/v1/imports/people',
      headers: { 'content-type': 'text/csv' },
    });
    expect(response.statusCode).toBe(401);
  });

  test('a tenant admin: people of the own tenant, no platform admins, no other admins raised, not oneself', async () => {
    const { admin, southMember, platformAdmin, colleague } = stage.people;
    const [fresh, other] = [newAddress(), await stage.createPerson({ role: 'tenant_admin' })];
    const cases: [string, [number, string | null][]][] = [
      [file(newAddress(), { tenant: 'south' }), [[2, 'tenant']]],
      [file(newAddress(), { role: 'platform_admin' }), [[2, 'role']]],
      [file(newAddress(), { role: 'tenant_admin', monthly_budget_eur: '500' }), [[2, 'monthly_budget_eur']]],
      [file(southMember.email), [[2, 'email']]],
      [file(platformAdmin.email), [[2, 'email']]],
      [file(other.email, { monthly_budget_eur: '500' }), [[2, 'email']]],
      [file(admin.email, { monthly_budget_eur: '500' }), [[2, 'email']]],
    ];
    for (const [text, expected] of cases) expect(faultsOf(await run(admin, 'people', text)), text).toEqual(expected);
    expect(await run(admin, 'people', file(fresh))).toMatchObject({ created: 1 });
    expect(await byEmail(fresh)).toMatchObject({ tenant: stage.north.id, role: 'member' });
    expect(await run(admin, 'people', file(colleague.email, { name: 'Renamed' }))).toMatchObject({ changed: 1 });
  });

  test('who changed whom is in the audit log, without names', async () => {
    const email = newAddress();
    const { admin } = stage.people;
    await run(admin, 'people', file(email, { name: 'Quoll' }));
    const { id } = (await byEmail(email)) ?? { id: '' };
    await run(admin, 'people', file(email, { name: 'Quoll', status: 'suspended' }));
    const rows = await stage.superuser
      .collection('audit_logs')
      .getFullList({ filter: `target_id = "${id}"`, sort: 'created' });
    expect(rows).toMatchObject([
      { action: 'create', actor: admin.id },
      { action: 'update', actor: admin.id, before: { status: 'active' }, after: { status: 'suspended' } },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/Quoll|import\.test/);
  });
});

test('some hundred people in one transaction', async () => {
  const lines = Array.from({ length: 300 }, (_, index) => `many${index}@import.test;Person ${index};north;Standard`);
  const file = `email;name;tenant;product\n${lines.join('\n')}\n`;
  expect(await run(stage.people.platformAdmin, 'people', file)).toMatchObject({ created: 300 });
  expect(await run(stage.people.platformAdmin, 'people', file)).toMatchObject({ unchanged: 300 });
}, 120_000);
