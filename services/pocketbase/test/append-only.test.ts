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

test('usage older than 90 days is let go by the daily purge, younger rows stay', async () => {
  await stage.superuser.crons.run('usage_logs_purge');
  await expect
    .poll(async () => (await stage.superuser.collection('usage_logs').getFullList()).map((row) => row.request_id))
    .toEqual(['new']);
});
