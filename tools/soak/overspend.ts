/** 200 clients at once against a budget that affords 50 of their requests: nothing is overspent, and nothing is left. */
import { parseEur } from '@cloudfreedom/contracts';
import { ask, insist, type Outcome, type Wish } from './client.ts';
import { VISIBLE } from './directory.ts';
import { waitUntilSettled } from './laws.ts';
import type { Rig } from './rig.ts';

const CLIENTS = 200;
const AFFORDED = 50;
/** Nano-euro that 50 requests of the middle size cost: 180 tokens of output and about 40 of input, and the mark-up. */
const BUDGET_NANO_EUR = (BigInt(AFFORDED) * ((180n * 516n + 40n * 129n) * 1125n)) / 1000n;

const between = (least: number, most: number) => least + Math.floor(Math.random() * (most - least + 1));

function wishOf(key: string): Wish {
  const capTokens = between(60, 300);
  return {
    key,
    model: VISIBLE,
    streamed: Math.random() < 0.7,
    answerTokens: Math.random() < 0.5 ? 100_000 : between(40, capTokens),
    tokensPerSecond: Math.random() < 0.3 ? 2_000 : 0,
    capTokens,
    promptWords: between(1, 60),
  };
}

export interface OverspendRun {
  budgetNanoEur: bigint;
  spentNanoEur: bigint;
  leftNanoEur: bigint;
  smallestNanoEur: bigint;
  answered: number;
  held: number;
  faults: string[];
}

/** A client asks until it is refused for good. */
async function runClient(rig: Rig, key: string): Promise<{ answered: number; held: number; last: Outcome }> {
  let [answered, held] = [0, 0];
  const wish = wishOf(key);
  for (;;) {
    const { outcome, held: times } = await insist(rig, wish);
    held += times;
    if (outcome.kind !== 'answered') return { answered, held, last: outcome };
    answered += 1;
  }
}

export async function runOverspend(rig: Rig): Promise<OverspendRun> {
  const budgetNanoEur = BUDGET_NANO_EUR;
  const { subjectId, key } = await rig.addPerson(`0.${budgetNanoEur.toString().padStart(9, '0')}`);
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => runClient(rig, key)));
  await waitUntilSettled(rig, subjectId);
  const [balance] = await rig.sql<{ posted: bigint }>(
    `SELECT posted_nano_eur AS posted FROM budget_balances WHERE level = 'user' AND owner_id = $1`,
    [subjectId],
  );
  const [overage] = await rig.sql<{ rows: bigint }>(
    `SELECT count(*) AS rows FROM entries WHERE kind = 'overage' AND owner_id = $1`,
    [subjectId],
  );
  const spentNanoEur = balance?.posted ?? 0n;
  const leftNanoEur = budgetNanoEur - spentNanoEur;
  const needs = clients.flatMap(({ last }) => (last.kind === 'refused' ? parseEur(last.needed) : []));
  const smallestNanoEur = needs.sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
  const faults: string[] = [];
  if (spentNanoEur > budgetNanoEur) faults.push(`${spentNanoEur - budgetNanoEur} nano-euro beyond the budget`);
  if (overage?.rows !== 0n) faults.push(`${overage?.rows} overage entries`);
  if (leftNanoEur >= smallestNanoEur)
    faults.push(`${leftNanoEur} nano-euro left, the smallest needs ${smallestNanoEur}`);
  for (const { last } of clients)
    if (last.kind !== 'refused' || last.code !== 'insufficient_quota')
      faults.push(`a client ended: ${JSON.stringify(last)}`);
  return {
    budgetNanoEur,
    spentNanoEur,
    leftNanoEur,
    smallestNanoEur,
    answered: clients.reduce((sum, one) => sum + one.answered, 0),
    held: clients.reduce((sum, one) => sum + one.held, 0),
    faults,
  };
}

/** What one request like this costs, nano-euro. */
export async function priceOf(rig: Rig, wish: Omit<Wish, 'key'>): Promise<bigint> {
  const { key } = await rig.addPerson('1000.00');
  const outcome = await ask(rig, { ...wish, key });
  if (outcome.kind !== 'answered' || outcome.charge === undefined)
    throw new Error(`the request to price was not answered: ${JSON.stringify(outcome)}`);
  return parseEur(outcome.charge);
}
