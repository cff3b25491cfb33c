/** Asks the rows of the access table, and tells where reality differs. */
import { ROLES, type Row } from './access-table.ts';
import type { Attempt } from './ask.ts';

/** Reading and creating leave the others' target as it is. */
const INDEPENDENT = /^(GET |\S+ (list|view|create)\b)/;

/** PocketBase counts what comes from one address within a minute, whoever sent it; other tests may have used that up. */
const LIMIT_WINDOW_MS = 61_000;

async function patiently(attempt: () => Promise<string>): Promise<string> {
  const cell = await attempt();
  if (cell !== '429') return cell;
  await new Promise((resolve) => setTimeout(resolve, LIMIT_WINDOW_MS));
  return attempt();
}

async function cellsOf<Stage>(name: string, attempt: Attempt<Stage>, stage: Stage): Promise<string[]> {
  const tryAs = (role: (typeof ROLES)[number]) => patiently(() => attempt(stage, role));
  if (INDEPENDENT.test(name)) return Promise.all(ROLES.map(tryAs));
  const cells: string[] = [];
  // One after the other: an attempt that succeeds sets back what it changed before the next.
  for (const role of ROLES) cells.push(await tryAs(role));
  return cells;
}

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
    const cells = await cellsOf(name, attempt, stage);
    for (const [index, role] of ROLES.entries())
      if (cells[index] !== expected[role])
        differences.push(`${name} · ${role}: ${cells[index]} instead of ${expected[role]}`);
  }
  return differences;
}
