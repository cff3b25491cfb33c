/**
 * Thousands of short simulated histories: laws 1 to 9 after every step of a pure model, and billing's own decisions
 * beside it. `SIMULATION_SEED=<n>` plays one history again; `SIMULATION_HISTORIES=<n>` plays more of them.
 */
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BrokenLaw } from './simulation/laws.ts';
import { MUTANTS } from './simulation/mutants.ts';
import { simulate } from './simulation/simulate.ts';

const given = process.env.SIMULATION_SEED;
const HISTORIES = given ? 1 : Number(process.env.SIMULATION_HISTORIES ?? 700);
const FIRST_SEED = given ? Number(given) : randomInt(2 ** 31);
/** Within so many histories each planted bug has to show. */
const TRIES_MAX = 1_500;

test(`laws 1 to 9 hold in ${HISTORIES} random histories of everything failing, and billing decides as the model does`, () => {
  const kinds = new Set<string>();
  let answered = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
    try {
      // Billing's decisions cost most of the time; every third history has them beside the model.
      const played = simulate(seed, { withShadow: given !== undefined || seed % 3 === 0 });
      answered += played.answered;
      for (const kind of played.kinds) kinds.add(kind);
    } catch (cause) {
      throw new Error(`SIMULATION_SEED=${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
  if (given) return;
  expect(answered / HISTORIES, 'requests answered in a history').toBeGreaterThan(3);
  for (const kind of ['ended settle', 'ended void', 'expired settle', 'expired void', 'expired without an ending'])
    expect(kinds, 'ways to end').toContain(kind);
  for (const kind of ['charge', 'overage', 'correction', 'loss', 'insufficient_quota', 'budget_held'])
    expect(kinds, 'entries and refusals').toContain(kind);
}, 600_000);

test('the same seed plays the same history', () => {
  expect(simulate(4711)).toEqual(simulate(4711));
});

describe('a planted bug is found:', () => {
  test.each(Object.entries(MUTANTS))('%s', (_name, { parts, laws }) => {
    for (let seed = 0; seed < TRIES_MAX; seed++) {
      try {
        simulate(seed, { ...parts, withShadow: false });
      } catch (error) {
        expect(error).toBeInstanceOf(BrokenLaw);
        expect(laws, `${error}`).toContain((error as BrokenLaw).law);
        return;
      }
    }
    expect.fail(`not found in ${TRIES_MAX} histories`);
  });
});
