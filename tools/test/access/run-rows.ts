/** Asks the rows of the access table, and tells where reality differs. */
import { ROLES, type Row } from './access-table.ts';
import type { Attempt } from './ask.ts';

/** @returns one line per cell that came out otherwise, such as `users list · colleague: 200 instead of empty` */
export async function findDifferences<Stage>(
  rows: Row[],
  attempts: Record<string, Attempt<Stage>>,
  stage: Stage,
): Promise<string[]> {
  const differences: string[] = [];
  for (const { name, expected } of rows) {
    const attempt = attempts[name];
    if (!attempt) throw new Error(`Nobody knows how to try the row "${name}".`);
    // One after the other: an attempt that succeeds sets back what it changed before the next.
    for (const role of ROLES) {
      const cell = await attempt(stage, role);
      if (cell !== expected[role]) differences.push(`${name} · ${role}: ${cell} instead of ${expected[role]}`);
    }
  }
  return differences;
}
