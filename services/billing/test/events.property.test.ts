/** The log against transactions that overlap at random, and a reader that comes back at random. */
import { setTimeout } from 'node:timers/promises';
import { inTransaction } from '@cloudfreedom/service-kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EventPosition, readDirectoryEvents } from '../src/events/directory-events.store.ts';
import { type Fixture, startFixture } from './billing-fixture.ts';
import { newId, nextRev, tenant, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const waitMs = fc.nat(12);
const transaction = fc.record({
  beginsAfterMs: fc.nat(30),
  /** Between its writes, and before its end. */
  pausesMs: fc.array(waitMs, { minLength: 1, maxLength: 3 }),
  rollsBack: fc.boolean(),
});
const history = fc.record({
  transactions: fc.array(transaction, { minLength: 2, maxLength: 8 }),
  /** The reader's pauses; what it read is lost with the connection where `lost`. */
  reads: fc.array(fc.record({ pauseMs: waitMs, lost: fc.boolean() }), { minLength: 2, maxLength: 10 }),
});

class RolledBack extends Error {}

/** Writes people of a tenant, one per pause. @returns their ids, none where it was rolled back */
async function write(
  tenantId: string,
  { beginsAfterMs, pausesMs, rollsBack }: typeof transaction extends fc.Arbitrary<infer T> ? T : never,
) {
  await setTimeout(beginsAfterMs);
  const ids: string[] = [];
  try {
    await inTransaction(fixture.owner, async (client) => {
      for (const pauseMs of pausesMs) {
        const record = user({ tenantId });
        await client.query('INSERT INTO directory_users (id, rev, deleted, record) VALUES ($1, $2, false, $3)', [
          record.id,
          nextRev(),
          record,
        ]);
        ids.push(record.id);
        await setTimeout(pauseMs);
      }
      if (rollsBack) throw new RolledBack();
    });
  } catch (error) {
    if (error instanceof RolledBack) return [];
    throw error;
  }
  return ids;
}

test('a reader that comes back at random sees each committed change at least once, none that was rolled back', async () => {
  const property = fc.asyncProperty(history, async ({ transactions, reads }) => {
    const { id: tenantId } = tenant({ id: newId() });
    let position: EventPosition | null = (await readDirectoryEvents(fixture.service, tenantId, null)).next;
    const seen: string[] = [];
    const writing = Promise.all(transactions.map((each) => write(tenantId, each)));
    for (const { pauseMs, lost } of reads) {
      const { events, next } = await readDirectoryEvents(fixture.service, tenantId, position);
      if (!lost) {
        seen.push(...events.map(({ id }) => id));
        position = next;
      }
      await setTimeout(pauseMs);
    }
    const committed = (await writing).flat();
    const { events } = await readDirectoryEvents(fixture.service, tenantId, position);
    seen.push(...events.map(({ id }) => id));
    expect([...new Set(seen)].sort()).toEqual(committed.sort());
  });
  await fc.assert(property, { numRuns: 40 });
});
