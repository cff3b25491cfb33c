import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, setStage, statusOf, usageRow } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  const old = usageRow({ requestId: 'old', at: new Date(Date.now() - 100 * 86_400_000).toISOString() });
  const rows = [usageRow({ requestId: 'new' }), old];
  expect((await stage.internal('POST', 'usage-logs', { rows })).status).toBe(200);
});
afterAll(() => stage.server.stop());

/** One SQL statement through the dashboard's console, which asks neither rules nor hooks. */
async function runSql(query: string): Promise<number> {
  return statusOf(stage.superuser.send('/api/sql', { method: 'POST', body: { query } }));
}

describe.each(['usage_logs', 'audit_logs'])('%s', (name) => {
  test('a superuser can neither create, change nor delete a row', async () => {
    const logs = stage.superuser.collection(name);
    const [row] = (await logs.getList(1, 1)).items;
    expect(row).toBeDefined();
    expect(await statusOf(logs.update(row?.id ?? '', { model: 'x', actor: 'x' }))).toBe(403);
    expect(await statusOf(logs.delete(row?.id ?? ''))).toBe(403);
    expect(await statusOf(logs.create({ ...row, id: undefined }))).toBe(403);
  });

  test('the database itself refuses: truncate and SQL console', async () => {
    const count = async () => (await stage.superuser.collection(name).getList(1, 1)).totalItems;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    expect(await statusOf(stage.superuser.collections.truncate(name))).toBeGreaterThanOrEqual(400);
    expect(await runSql(`UPDATE ${name} SET tenant = 'x'`)).toBeGreaterThanOrEqual(400);
    expect(await runSql(`DELETE FROM ${name}`)).toBeGreaterThanOrEqual(400);
    expect(await count()).toBe(before);
  });
});

describe('what is over its time', () => {
  const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const left = async () => (await stage.superuser.collection('usage_logs').getFullList()).map((row) => row.request_id);
  const write = async (rows: Record<string, unknown>[]) =>
    expect((await stage.internal('POST', 'usage-logs', { rows: rows.map(usageRow) })).status).toBe(200);

  test('the daily purge lets usage go after 90 days, and earlier where the tenant keeps less', async () => {
    const tenants = stage.superuser.collection('tenants');
    const enterprise = (slug: string, retention_days: number) =>
      tenants.create({ name: slug, slug, type: 'enterprise', retention_days });
    const [brief, long] = [await enterprise('brief', 30), await enterprise('long', 400)];
    await write([
      { requestId: 'brief-40', tenantId: brief.id, at: dayAgo(40) },
      { requestId: 'brief-20', tenantId: brief.id, at: dayAgo(20) },
      { requestId: 'long-100', tenantId: long.id, at: dayAgo(100) },
      { requestId: 'long-40', tenantId: long.id, at: dayAgo(40) },
    ]);
    const young = ['brief-20', 'long-40', 'new'];
    for (const id of young)
      expect(await runSql(`DELETE FROM usage_logs WHERE request_id = '${id}'`), id).toBeGreaterThanOrEqual(400);
    expect(await runSql(`DELETE FROM usage_logs WHERE tenant = '${brief.id}'`)).toBeGreaterThanOrEqual(400);
    expect(await runSql(`UPDATE usage_logs SET at = '2000-01-01 00:00:00.000Z'`)).toBeGreaterThanOrEqual(400);
    expect((await left()).sort()).toEqual([...young, 'brief-40', 'long-100', 'old'].sort());
    await stage.superuser.crons.run('usage_logs_purge');
    await expect.poll(async () => (await left()).sort()).toEqual(young.sort());
  });
});
