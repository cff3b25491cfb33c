/** Bugs planted one at a time, each with the laws that may find it. */
import type { LedgerOperation, ReserveOperation } from '@cloudfreedom/contracts';
import { type Account, type Answer, type Hold, LedgerModel, type ModelEntry } from '../model/ledger-model.ts';
import { TenantProxy } from './proxy.ts';
import type { Parts } from './simulate.ts';

type Ending = Extract<LedgerOperation, { op: 'settle' | 'void' }>;
type Grant = Extract<Answer, { status: 'granted' }>;

class ForgetsWhatIsHeld extends LedgerModel {
  protected override reserve(operation: ReserveOperation): Answer {
    const payers = this.payersOf(operation.credential);
    const pending = payers.map((account) => account.pending);
    for (const account of payers) account.pending = 0n;
    const answer = super.reserve(operation);
    for (const [index, account] of payers.entries()) account.pending += pending[index] ?? 0n;
    return answer;
  }
}

class ExtendsWithoutLooking extends LedgerModel {
  protected override grow(hold: Hold, outputTokens: number): Answer | null {
    const limits = hold.payers.map(({ limit }) => limit);
    for (const account of hold.payers) account.limit = null;
    const refusal = super.grow(hold, outputTokens);
    for (const [index, account] of hold.payers.entries()) account.limit = limits[index] ?? null;
    return refusal;
  }
}

class NeedsMoreThanTheLeast extends LedgerModel {
  protected override reserve(operation: ReserveOperation): Answer {
    return super.reserve({ ...operation, outputTokensMin: operation.outputTokensCap });
  }
}

class CapsByWhatOthersHold extends LedgerModel {
  protected override affordable(operation: ReserveOperation, payers: Account[]): number {
    const besideHeld = payers.map((account) => ({ ...account, posted: account.posted + account.pending }));
    return Math.max(0, super.affordable(operation, besideHeld));
  }
}

class WaitsForWhatIsSpent extends LedgerModel {
  protected override grow(hold: Hold, outputTokens: number): Answer | null {
    const refusal = super.grow(hold, outputTokens);
    return refusal?.status === 'refused' ? { ...refusal, code: 'budget_held' } : refusal;
  }
}

class HidesOverage extends LedgerModel {
  protected override charge(hold: Hold, amount: bigint): void {
    this.post(hold, 'charge', amount);
    hold.charged = amount;
  }
}

class SettlesAgain extends LedgerModel {
  protected override end(hold: Hold, operation: Ending): Answer {
    if (operation.op === 'settle') hold.ending = null;
    return super.end(hold, operation);
  }
}

class ReopensExpired extends LedgerModel {
  protected override end(hold: Hold, operation: Ending): Answer {
    if (hold.state === 'expired' && !hold.ending) {
      hold.state = 'open';
      for (const account of hold.payers) account.pending += hold.amount;
    }
    return super.end(hold, operation);
  }
}

class KeepsTheHold extends LedgerModel {
  protected override letGo(hold: Hold, state: 'ended' | 'expired'): void {
    if (state === 'expired') hold.state = state;
    else super.letGo(hold, state);
  }
}

class PaysOnOneLevel extends LedgerModel {
  protected override post(hold: Hold, kind: ModelEntry['kind'], amount: bigint): void {
    super.post(hold, kind, amount);
    const [home] = hold.payers;
    if (home && kind === 'overage') home.posted -= amount;
  }
}

class ChargesLosses extends LedgerModel {
  protected override lose(hold: Hold, cost: bigint): void {
    super.lose(hold, cost);
    if (hold.state === 'ended') this.post(hold, 'charge', cost);
  }
}

class ForgetsLosses extends LedgerModel {
  protected override lose(): void {}
}

class CountsLossesAsSpent extends LedgerModel {
  protected override lose(hold: Hold, cost: bigint): void {
    super.lose(hold, cost);
    const [home] = hold.payers;
    if (home) home.posted += cost;
  }
}

class ForgetsRefusals extends LedgerModel {
  protected override reserve(operation: ReserveOperation): Answer {
    this.refused.delete(operation.reservationId);
    return super.reserve(operation);
  }
}

class ForgetsEarlyVoids extends LedgerModel {
  protected override unknown(): Answer {
    return { status: 'rejected', code: 'reservation_not_found' };
  }
}

class TakesOtherContent extends LedgerModel {
  protected override reserve(operation: ReserveOperation): Answer {
    return this.holds.get(operation.reservationId)?.answer ?? super.reserve(operation);
  }
}

class OverwritesEntries extends LedgerModel {
  protected override correct(hold: Hold, charge: bigint): void {
    const entries = this.entries.filter(({ reservationId }) => reservationId === hold.operation.reservationId);
    for (const entry of entries) {
      entry.account.posted += charge - entry.amount;
      entry.amount = charge;
    }
    hold.charged = charge;
  }
}

class ChargesExpiryAndSettlement extends LedgerModel {
  protected override correct(hold: Hold, charge: bigint): void {
    this.post(hold, 'correction', charge);
    hold.charged += charge;
  }
}

class NeverSweeps extends LedgerModel {
  override expireOverdue(): string[] {
    return [];
  }
}

class SettlesInThisMonth extends LedgerModel {
  protected override charge(hold: Hold, amount: bigint): void {
    const opened = hold.payers;
    hold.payers = this.payersOf(hold.operation.credential);
    super.charge(hold, amount);
    hold.payers = opened;
  }
}

class CallsWithoutReservation extends TenantProxy {
  protected override unreachable(reserve: ReserveOperation): void {
    this.call(reserve, { status: 'granted', ceiling: 10, held: 10, hold: 0n });
  }
}

class AnswersBeforeItIsDurable extends TenantProxy {
  protected override finish(ending: Ending): void {
    this.answer(ending);
    super.finish(ending);
  }
}

class LosesItsOutbox extends TenantProxy {
  override start(): void {
    this.outbox?.clear();
    super.start();
  }
}

class GivesUpOnSilence extends TenantProxy {
  protected override call(reserve: ReserveOperation, granted: Grant): void {
    super.call(reserve, granted);
    if (this.timeline.chance.happens(0.05)) this.later(30_000, () => this.outbox.delete(reserve.reservationId));
  }
}

const tooMuch = (account: Account) => account.limit !== null && account.posted > account.limit;
class SilentlyForgives extends LedgerModel {
  protected override charge(hold: Hold, amount: bigint): void {
    super.charge(hold, amount);
    for (const account of hold.payers) if (tooMuch(account)) account.posted = account.limit ?? 0n;
  }
}

/** @property laws any of them may be the one that notices first */
export const MUTANTS: Record<string, { parts: Parts; laws: number[] }> = {
  'reserves without looking at what is held': { parts: { Ledger: ForgetsWhatIsHeld }, laws: [1] },
  'extends without looking at the limits': { parts: { Ledger: ExtendsWithoutLooking }, laws: [1] },
  'refuses though the least would fit': { parts: { Ledger: NeedsMoreThanTheLeast }, laws: [1] },
  'caps an answer by what others hold': { parts: { Ledger: CapsByWhatOthersHold }, laws: [1] },
  'lets wait where waiting can not help': { parts: { Ledger: WaitsForWhatIsSpent }, laws: [1] },
  'calls an overage a charge': { parts: { Ledger: HidesOverage }, laws: [1] },
  'settles again at each repeat': { parts: { Ledger: SettlesAgain }, laws: [2, 4] },
  'opens an expired hold again': { parts: { Ledger: ReopensExpired }, laws: [2] },
  'keeps what an expired hold has held': { parts: { Ledger: KeepsTheHold }, laws: [3] },
  'forgets one level of an overage': { parts: { Ledger: PaysOnOneLevel }, laws: [3] },
  'forgives what is beyond a limit': { parts: { Ledger: SilentlyForgives }, laws: [3] },
  'charges what was lost': { parts: { Ledger: ChargesLosses }, laws: [1, 2] },
  'forgets what was lost': { parts: { Ledger: ForgetsLosses }, laws: [2] },
  "counts a loss in the tenant's budget": { parts: { Ledger: CountsLossesAsSpent }, laws: [3] },
  'answers a repeat of a refused call anew': { parts: { Ledger: ForgetsRefusals }, laws: [4] },
  'forgets a void that came before its reservation': { parts: { Ledger: ForgetsEarlyVoids }, laws: [7] },
  'takes other content under a known id': { parts: { Ledger: TakesOtherContent }, laws: [4] },
  'corrects by writing over entries': { parts: { Ledger: OverwritesEntries }, laws: [5] },
  'calls the provider without a reservation': { parts: { Proxy: CallsWithoutReservation }, laws: [6] },
  'answers before the usage is durable': { parts: { Proxy: AnswersBeforeItIsDurable }, laws: [6] },
  'loses the outbox at a restart': { parts: { Proxy: LosesItsOutbox }, laws: [6, 7] },
  'drops some settlements': { parts: { Proxy: GivesUpOnSilence }, laws: [6, 7] },
  'charges an expiry and its settlement': { parts: { Ledger: ChargesExpiryAndSettlement }, laws: [2, 7] },
  'never sweeps': { parts: { Ledger: NeverSweeps }, laws: [7] },
  'settles in the month of the settlement': { parts: { Ledger: SettlesInThisMonth }, laws: [8] },
  'shows a tenant the books of another': {
    parts: { bookOf: (asking, all) => all.find((book) => book !== asking) ?? asking },
    laws: [4, 9],
  },
};
