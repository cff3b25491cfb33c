/** 40 streams at once whose true cost is 60 % of the budget: nobody is refused, whatever might have been held. */
import { setTimeout } from 'node:timers/promises';
import { formatEur } from '@cloudfreedom/contracts';
import { insist, type Wish } from './client.ts';
import { HIDDEN, OUTPUT_MAX_TOKENS, VISIBLE } from './directory.ts';
import { priceOf } from './overspend.ts';
import type { Rig } from './rig.ts';

const STREAMS = 40;
const OUTPUT_NANO_EUR_WITH_MARKUP = 581n;

export interface FalseBlockRun {
  model: string;
  budgetNanoEur: bigint;
  answered: number;
  /** Finally refused, or cut short for want of money. */
  refused: number;
  /** Times that a request was sent back to wait. */
  held: number;
  /** What became of those. */
  refusals: string[];
  /** How many of the 40 would have been refused had each held what its model can produce at most. */
  refusedWithWholeMaximum: number;
}

/**
 * Longer than a proxy waits for billing: it gives the first reservations up, though billing makes them a moment later, and
 * their clients come back while nobody has taken these holds away.
 */
const LATE_MS = 4_000;

/** @param late billing's first answer comes too late */
export async function runFalseBlock(
  rig: Rig,
  kind: 'visible' | 'hidden',
  { late = false } = {},
): Promise<FalseBlockRun> {
  const model = kind === 'visible' ? VISIBLE : HIDDEN;
  const wish: Omit<Wish, 'key'> = {
    model,
    streamed: true,
    answerTokens: 3_000,
    tokensPerSecond: 3_000,
    promptWords: 20,
  };
  const trueCost = BigInt(STREAMS) * (await priceOf(rig, { ...wish, tokensPerSecond: 0 }));
  const budgetNanoEur = (trueCost * 10n) / 6n;
  const { key } = await rig.addPerson(formatEur(budgetNanoEur));
  const goOn = late ? await rig.holdBilling() : undefined;
  const going = goOn && setTimeout(LATE_MS).then(goOn);
  const ended = await Promise.all(Array.from({ length: STREAMS }, () => insist(rig, { ...wish, key })));
  await going;
  const whole = ended.filter(({ outcome }) => outcome.kind === 'answered' && !outcome.stopped);
  const fitting = Number(budgetNanoEur / (BigInt(OUTPUT_MAX_TOKENS) * OUTPUT_NANO_EUR_WITH_MARKUP));
  return {
    model,
    budgetNanoEur,
    answered: whole.length,
    refused: STREAMS - whole.length,
    refusals: ended.filter((one) => !whole.includes(one)).map(({ outcome }) => JSON.stringify(outcome)),
    held: ended.reduce((sum, one) => sum + one.held, 0),
    refusedWithWholeMaximum: Math.max(0, STREAMS - fitting),
  };
}
