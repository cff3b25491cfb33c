/** What billing changed stands in the audit log: once, at its own time, without what people wrote. */
import { randomUUID } from 'node:crypto';
import type { MoneyAuditEntry } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.server.stop());

const entryOf = (fields: Partial<MoneyAuditEntry> = {}): MoneyAuditEntry => ({
  id: randomUUID(),
  at: '2026-03-04T05:06:07.089Z',
  tenantId: stage.north.id,
  actor: stage.people.admin.id,
  actorRole: 'tenant_admin',
  network: '203.0.113.0/24',
  action: 'create',
  collection: 'adjustments',
  targetId: randomUUID(),
  before: {},
  after: { kind: 'top_up', level: 'user', owner: stage.people.member.id, amount_eur: '5.00', reason: '[not kept]' },
  ...fields,
});

async function write(...entries: unknown[]) {
  const response = await stage.internal('POST', 'audit-logs', { entries });
  return { status: response.status, body: (await response.json()) as { written?: number; message?: string } };
}

const rowsAbout = (id: string) =>
  stage.superuser.collection('audit_logs').getFullList({ filter: `target_id = "${id}"` });

test('an entry is a row like all others, of the moment it happened, written once', async () => {
  const entry = entryOf();
  const settings = entryOf({
    action: 'update',
    collection: 'alert_settings',
    targetId: stage.north.id,
    before: { thresholds_percent: [50, 80] },
    after: { thresholds_percent: [90] },
  });
  expect(await write(entry, settings, entry)).toEqual({ status: 200, body: { written: 2 } });
  const answers = await Promise.all(Array.from({ length: 4 }, () => write(entry)));
  expect(answers.map(({ body }) => body.written)).toEqual([0, 0, 0, 0]);
  expect(await rowsAbout(entry.targetId)).toMatchObject([
    {
      created: '2026-03-04 05:06:07.089Z',
      tenant: stage.north.id,
      actor: stage.people.admin.id,
      actor_role: 'tenant_admin',
      ip: '203.0.113.0/24',
      action: 'create',
      target_collection: 'adjustments',
      before: {},
      after: entry.after,
    },
  ]);
  expect(await rowsAbout(stage.north.id)).toContainEqual(
    expect.objectContaining({ before: { thresholds_percent: [50, 80] }, after: { thresholds_percent: [90] } }),
  );
});

test('a tenant’s admin reads what is about the tenant; prices are the platform’s', async () => {
  const [own, platform] = [
    entryOf(),
    entryOf({
      tenantId: '',
      collection: 'prices',
      targetId: '4711',
      actor: 'command',
      actorRole: 'superuser',
      network: '',
    }),
  ];
  expect((await write(own, platform)).body).toEqual({ written: 2 });
  const seenBy = async (person: keyof Stage['people']) => {
    const session = await stage.signIn(stage.people[person]);
    const rows = await session.collection('audit_logs').getFullList();
    return [own, platform].map((entry) => rows.some((row) => row.target_id === entry.targetId));
  };
  expect(await seenBy('admin')).toEqual([true, false]);
  expect(await seenBy('southAdmin')).toEqual([false, false]);
  expect(await seenBy('member')).toEqual([false, false]);
  expect(await seenBy('platformAdmin')).toEqual([true, true]);
});

test('what is not right is refused with its field, and nothing of the batch is written', async () => {
  const good = entryOf();
  const wrong: [Record<string, unknown>, string][] = [
    [{ id: 'x' }, 'id'],
    [{ actor: 'somebody' }, 'actor'],
    [{ tenantId: null }, 'tenantId'],
    [{ network: 'home of Mia' }, 'network'],
    [{ collection: 'users' }, 'collection'],
    [{ targetId: 'a b' }, 'targetId'],
    [{ after: { reason: { text: 'long' } } }, 'after'],
    [{ before: undefined }, 'before'],
  ];
  for (const [fields, field] of wrong) {
    const answer = await write(good, { ...entryOf(), ...fields });
    expect([answer.status, answer.body.message], field).toEqual([400, `The field entries.1.${field} is not valid.`]);
  }
  expect((await write()).status).toBe(400);
  expect(await rowsAbout(good.targetId)).toEqual([]);
});

test('whoever was erased before their entry came leaves no address', async () => {
  const { colleague } = stage.people;
  await stage.superuser.collection('users').delete(colleague.id);
  const late = entryOf({ actor: colleague.id, actorRole: 'member', collection: 'budget_requests' });
  expect((await write(late)).body).toEqual({ written: 1 });
  expect(await rowsAbout(late.targetId)).toMatchObject([{ actor: colleague.id, ip: '' }]);
});
