import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@cloudfreedom/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  INTERNAL_SECRET,
  type Receiver,
  type Stage,
  setStage,
  signInSuperuser,
  startReceiver,
  startServer,
  WEBHOOK_SECRET,
} from './stage.ts';

let port: number;
let stage: Stage;
let receiver: Receiver | undefined;

beforeEach(async () => {
  port = await freePort();
  stage = await setStage({
    BILLING_WEBHOOK_URL: `http://127.0.0.1:${port}`,
    BILLING_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
});
afterEach(async () => {
  await stage.server.stop();
  await receiver?.close();
  receiver = undefined;
});

const waiting = async () =>
  (await stage.superuser.collection('outbox').getFullList({ filter: 'delivered = false', sort: 'rev' })).length;
const flush = async () => (await stage.internal('POST', 'outbox/flush')).json();

describe('billing down', () => {
  test('changes go through and wait; up again, flush delivers them oldest first', async () => {
    const startedAt = Date.now();
    await stage.superuser.collection('users').update(stage.people.member.id, { status: 'suspended' });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    const before = await waiting();
    expect(before).toBe(12);
    const [row] = (await stage.superuser.collection('outbox').getList(1, 1, { sort: '-rev' })).items;
    expect(row).toMatchObject({ delivered: false, attempts: 1, collection: 'users' });
    expect(row?.error).toMatch(/^unreachable: .*refused/);
    receiver = await startReceiver(port);
    expect(await flush()).toEqual({ sent: before, waiting: 0 });
    const revs = receiver.changes().map((change) => change.rev);
    expect(revs).toEqual([...revs].sort((a, b) => a - b));
    expect(receiver.changes().at(-1)).toMatchObject({ id: stage.people.member.id, record: { status: 'suspended' } });
    expect(await flush()).toEqual({ sent: 0, waiting: 0 });
  });

  test('up again, the next change takes along what waited', async () => {
    const before = await waiting();
    receiver = await startReceiver(port);
    await stage.superuser.collection('users').update(stage.people.member.id, { status: 'suspended' });
    expect(await waiting()).toBe(0);
    expect(receiver.changes()).toHaveLength(before + 1);
  });

  test('hanging: the change is held up for about a second at most and is not lost', async () => {
    receiver = await startReceiver(port);
    await flush();
    receiver.answer = 'hang';
    const startedAt = Date.now();
    await stage.superuser.collection('users').update(stage.people.member.id, { status: 'suspended' });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await waiting()).toBe(1);
    receiver.answer = 204;
    expect(await flush()).toEqual({ sent: 1, waiting: 0 });
  });

  test('a server killed (SIGKILL) before delivery sends as it starts again', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-pb-kill-'));
    const env = {
      INTERNAL_SECRET,
      BILLING_WEBHOOK_URL: `http://127.0.0.1:${port}`,
      BILLING_WEBHOOK_SECRET: WEBHOOK_SECRET,
    };
    const first = await startServer(env, dataDir);
    const tenant = await (await signInSuperuser(first))
      .collection('tenants')
      .create({ name: 'West', slug: 'west', type: 'demo' });
    await first.kill();
    receiver = await startReceiver(port);
    const second = await startServer(env, dataDir);
    try {
      expect(receiver.changes()).toMatchObject([{ id: tenant.id, rev: tenant.rev }]);
    } finally {
      await second.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('billing up', () => {
  test('one change that billing rejects does not hold up the others', async () => {
    receiver = await startReceiver(port);
    receiver.answer = (changes) => (changes.some((change) => change.id === stage.north.id) ? 400 : 204);
    await flush();
    await stage.superuser.collection('tenants').update(stage.north.id, { name: 'bad' });
    await stage.superuser.collection('users').update(stage.people.member.id, { status: 'suspended' });
    expect(receiver.changes().at(-1)).toMatchObject({ id: stage.people.member.id, record: { status: 'suspended' } });
    const left = await stage.superuser.collection('outbox').getFullList({ filter: 'delivered = false' });
    expect(left.every((row) => row.record_id === stage.north.id && /^rejected:/.test(row.error))).toBe(true);
    expect(left).toHaveLength(2);
  });

  test('the cron job sends what is due, and the purge keeps what is young', async () => {
    const before = await waiting();
    receiver = await startReceiver(port);
    // Failed a moment ago, so due in a few seconds at the latest.
    await expect
      .poll(
        async () => {
          await stage.superuser.crons.run('outbox_retry');
          return waiting();
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBe(0);
    expect(receiver.changes()).toHaveLength(before);
    await stage.superuser.crons.run('outbox_purge');
    expect((await stage.superuser.collection('outbox').getList(1, 1)).totalItems).toBe(before);
  });
});
