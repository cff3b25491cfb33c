/** The fault table as a page of the documentation. */
import { cpus } from 'node:os';
import type { Cell, Kind } from './fault.ts';
import type { ProbeName } from './probes.ts';
import type { PartName } from './suite.ts';

const PART_WORDS: Record<PartName, string> = {
  proxy: 'proxy',
  billing: 'billing',
  postgres: 'Postgres (of core and tenant)',
  redis: 'Redis',
  pocketbase: 'PocketBase',
  identity: 'identity',
  conversations: 'conversations',
  provider: 'provider',
};

const KIND_WORDS: Record<Kind, string> = {
  killed: 'killed (SIGKILL), started again',
  paused: 'paused (SIGSTOP)',
  slow: 'slow (a second more each way)',
  'cut off': 'network cut, nobody is told',
  'disk full': 'disk full',
};

const PROBE_WORDS: Record<ProbeName, string> = {
  answer: 'answer',
  stream: 'stream',
  budget: 'budget',
  'sign-in': 'session',
  token: 'access token',
  chats: 'list of chats',
};

function sayResults(results: Record<string, number>): string {
  return Object.entries(results)
    .sort(([, one], [, other]) => other - one)
    .map(([result, times]) => `${result} × ${times}`)
    .join(', ');
}

function sayCell({ during }: Cell, probes: ProbeName[]): string {
  const bad = probes.filter((probe) => Object.keys(during[probe]).some((result) => result !== 'ok'));
  if (bad.length === 0) return 'ok';
  return bad.map((probe) => `${PROBE_WORDS[probe]}: ${sayResults(during[probe])}`).join('; ');
}

const seconds = (ms: number | null) => (ms === null ? 'never' : (ms / 1000).toFixed(1));

export interface Books {
  /** Ids of requests answered whole that are not charged once and exactly. */
  lost: string[];
  /** Of the ledger, at the end. */
  brokenLaws: string[];
}

const HEAD = [
  '| fault | requests for answers, by an API key | everything else | longest wait, s | normal after, s | lost |',
  '| :--- | :--- | :--- | ---: | ---: | ---: |',
];

function sayRow(cell: Cell, { lost }: Books): string {
  const lostHere = cell.answered.filter(({ requestId }) => lost.includes(requestId));
  const words = [
    KIND_WORDS[cell.kind],
    sayCell(cell, ['answer', 'stream']),
    sayCell(cell, ['budget', 'sign-in', 'token', 'chats']),
    seconds(cell.longestMs),
    seconds(cell.normalAfterMs),
    lostHere.length,
  ];
  return `| ${words.join(' | ')} |`;
}

export function writeTable(cells: Cell[], books: Books): string {
  const names = Object.keys(PART_WORDS) as PartName[];
  const lines = [
    '# Faults: what happens when a part fails',
    '',
    'Written by `npm run faults`: the whole suite as `npm start` brings it up, with Redis, every part behind a line of its own. Each fault stands for six seconds while a client asks for an answer, a stream, a budget, a renewed session, an access token and a list of chats once a second each; a killed part is started again after these seconds, as a supervisor would. Then it is measured how long it takes until all of it has gone well three times in a row. Nothing of it writes to PocketBase: a full disk there refuses changes of people and settings, which are not asked for here.',
    '',
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, beside other work: times are of a busy machine.`,
    '',
    `Lost: answers that a client had whole and that are not charged, once and for exactly its tokens: **${books.lost.length}** of ${cells.reduce((sum, { answered }) => sum + answered.length, 0)}. Laws of the ledger that are broken after all faults: **${books.brokenLaws.length}**.`,
    '',
  ];
  for (const name of names) {
    const own = cells.filter(({ part }) => part === name);
    if (own.length > 0)
      lines.push(`## ${PART_WORDS[name]}`, '', ...HEAD, ...own.map((cell) => sayRow(cell, books)), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
