/** What an upstream produced, as the relay saw it: the input of the settlement. */
import type { ChargeNote, Outcome, ServiceTier, Usage } from '@cloudfreedom/contracts';
import type { Ending, StopReason } from '../surfaces/surface.ts';
import type { AttemptFailureKind } from './attempt-plan.ts';

/** As usage carries it. */
export function servedTier({ serviceTier }: { serviceTier: ServiceTier | null }): { serviceTier?: ServiceTier } {
  return serviceTier === null ? {} : { serviceTier };
}

export interface Produced {
  outcome: Outcome;
  usage: Usage;
  /** Something of it was seen, by us or by the client. */
  visible: boolean;
  /** It failed, and nobody can say what the provider charges for it. */
  outcomeUnknown: boolean;
  /** Why it broke off; null: it did not. */
  errorKind: AttemptFailureKind | null;
  finishReason: string | null;
  /** Since the request came in. */
  firstByteMs: number | null;
  /** Why we ended it early. */
  stopped: StopReason | null;
}

/** What the client is told of it once it is settled. */
export function endingOf(produced: Produced, note: ChargeNote | null): Ending {
  const { usage, stopped, outcome } = produced;
  return {
    meters: usage.meters,
    serviceTier: usage.serviceTier ?? null,
    note,
    stopped,
    cut: outcome === 'budget_stopped',
  };
}
