/** `npm run faults`: every part failing in every way, and docs/faults.md. As root, for disks that can be filled. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findBrokenLaws } from '../src/backup/ledger-laws.ts';
import { BILLING_DATABASE } from '../src/stack/databases.ts';
import { ROOT } from '../src/stack/settings.ts';
import { type Cell, type Kind, runFault } from './fault.ts';
import { Probes } from './probes.ts';
import { PARTS, type PartName, type Suite, startSuite } from './suite.ts';
import { type Books, writeTable } from './table.ts';

/** Holds of a killed proxy end by themselves within their minute and a sweep. */
const HOLDS_END_MS = 150_000;

const { values } = parseArgs({
  options: {
    /** Parts to look at; without it all. */
    only: { type: 'string', multiple: true },
    to: { type: 'string', default: 'docs/faults.md' },
  },
});
const report = (line: string) => process.stdout.write(`${line}\n`);

function kindsOf(part: PartName): Kind[] {
  const hasDisk = part === 'postgres' || part === 'pocketbase';
  return ['killed', 'paused', 'slow', 'cut off', ...(hasDisk ? (['disk full'] as const) : [])];
}

async function readBooks(suite: Suite, cells: Cell[]): Promise<Books> {
  const client = new pg.Client({ connectionString: suite.databaseUrl(BILLING_DATABASE) });
  await client.connect();
  try {
    const open = async () => (await client.query("SELECT 1 FROM reservations WHERE state = 'open'")).rowCount ?? 0;
    const deadline = Date.now() + HOLDS_END_MS;
    while ((await open()) > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 500));
    const { rows } = await client.query<{ request_id: string; charged: string; output: string }>(
      `SELECT request_id, count(*) AS charged, sum(coalesce(output_text, 0) + coalesce(reasoning, 0)) AS output
       FROM usage_records WHERE superseded_at IS NULL AND outcome <> 'lost' GROUP BY 1`,
    );
    const booked = new Map(rows.map((row) => [row.request_id, row]));
    const answered = cells.flatMap((cell) => cell.answered);
    const lost = answered.filter(({ requestId, outputTokens }) => {
      const row = booked.get(requestId);
      return row?.charged !== '1' || Number(row.output) !== outputTokens;
    });
    const brokenLaws = await findBrokenLaws(async (text) => (await client.query(text)).rows);
    if ((await open()) > 0) brokenLaws.push('law 2: holds are still open');
    return { lost: lost.map(({ requestId }) => requestId), brokenLaws };
  } finally {
    await client.end();
  }
}

const suite = await startSuite(report);
const cells: Cell[] = [];
let books: Books = { lost: [], brokenLaws: ['not asked'] };
try {
  const probes = new Probes(suite.file);
  await probes.start();
  for (const part of PARTS.filter((name) => !values.only || values.only.includes(name)))
    for (const kind of kindsOf(part)) {
      const cell = await runFault(suite, probes, part, kind);
      cells.push(cell);
      report(
        `${part} ${kind}: longest ${cell.longestMs} ms, normal after ${cell.normalAfterMs} ms ${JSON.stringify(cell.during)}`,
      );
    }
  await probes.stop();
  books = await readBooks(suite, cells);
  writeFileSync(path.resolve(ROOT, values.to), writeTable(cells, books));
  report(`lost ${books.lost.length}, broken laws ${books.brokenLaws.length}: ${values.to}`);
} finally {
  await suite.stop();
}
const isWell = books.lost.length + books.brokenLaws.length === 0 && cells.every((cell) => cell.normalAfterMs !== null);
process.exit(isWell ? 0 : 1);
