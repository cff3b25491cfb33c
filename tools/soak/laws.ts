/** The books after a soak: laws 2, 3 and 7 asked of Postgres itself. */
import { findBrokenLaws } from '../src/backup/ledger-laws.ts';
import type { Rig } from './rig.ts';

/** Sums that don't agree, reservations that ended twice or not at all; empty when all is well. */
export async function brokenLaws(rig: Rig): Promise<string[]> {
  const open = await rig.sql<{ id: string }>("SELECT id FROM reservations WHERE state = 'open'");
  return [
    ...(await findBrokenLaws((text) => rig.sql(text))),
    ...open.map(({ id }) => `law 2: reservation ${id} is still open`),
  ];
}

const OPEN_HOLDS = `SELECT count(*) AS open FROM reservations WHERE state = 'open' AND subject_id = $1`;

/** Wait until nothing of a person is under way any more: holds, and settlements in the proxy's outbox. */
export async function waitUntilSettled(rig: Rig, subjectId: string, timeoutMs = 150_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const [open] = await rig.sql<{ open: bigint }>(OPEN_HOLDS, [subjectId]);
    if (open?.open === 0n && (await rig.outboxRows()) === 0) return;
    if (Date.now() > deadline) throw new Error(`${open?.open} holds are still open`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
