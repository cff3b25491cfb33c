/** The nouns of the ledger. Amounts in nano-euro, moments in Postgres's clock cut to milliseconds. */
import type {
  BudgetLevelName,
  FailedAttempt,
  LedgerResult,
  MeterCounts,
  ModelProvider,
  Outcome,
  Reach,
  Region,
  ServiceTier,
  Usage,
  UsageTask,
} from '@cloudfreedom/contracts';
import type { Terms } from '../pricing/price.ts';

/** How long a hold lives without a sign of life. */
export const HOLD_MS = 60_000;

export type ReservationState = 'open' | 'settled' | 'voided' | 'expired';

/** The promise to a request, with all that is needed to settle it. */
export interface Reservation {
  id: string;
  requestId: string;
  attempt: number;
  subjectId: string;
  apiKeyId: string | null;
  /** The person's plan; null: none, or from before it was kept. */
  productId: string | null;
  costCentre: string;
  model: string;
  provider: ModelProvider;
  upstreamModel: string;
  /** Null: from before deployments had names. */
  deployment: string | null;
  region: Region | null;
  simulated: boolean;
  streamed: boolean;
  /** Null: somebody's question. */
  task: UsageTask | null;
  periodStart: Date;
  priceVersionId: bigint;
  terms: Terms;
  inputTokensMax: number;
  choices: number;
  reach: Reach;
  ceilingOutputTokens: number;
  heldOutputTokens: number;
  holdNanoEur: bigint;
  openedAt: Date;
  expiresAt: Date;
  progress: Usage | null;
  state: ReservationState;
  inputHash: string;
  answer: LedgerResult;
  endedAt: Date | null;
  /** What was charged when it ended, a later correction included; null while it is open. */
  chargeNanoEur: bigint | null;
  /** The moment of its row in the log; null while it has none. */
  usageAt: Date | null;
  endHash: string | null;
  endAnswer: LedgerResult | null;
}

/** Whose balances there are: the budgets', and the tenant's loss account, which no budget counts. */
export type AccountLevel = BudgetLevelName | 'loss';

/** One level's budget in one period, locked while a batch is decided. */
export interface Balance {
  level: AccountLevel;
  ownerId: string;
  periodStart: Date;
  /** null: no limit. */
  limitNanoEur: bigint | null;
  postedNanoEur: bigint;
  pendingNanoEur: bigint;
}

/** Of a budget, which has to afford what is asked of it. */
export interface BudgetBalance extends Balance {
  level: BudgetLevelName;
}

export type EntryKind = 'charge' | 'overage' | 'correction' | 'loss';

export interface Entry {
  level: AccountLevel;
  ownerId: string;
  periodStart: Date;
  kind: EntryKind;
  amountNanoEur: bigint;
  reservationId: string;
  reason: string | null;
  author: string | null;
}

/** One row of the usage log; what it has in common with its reservation is read from there. */
export interface UsageRecord {
  reservation: Reservation;
  settledAt: Date;
  /** When the expiry was that this row corrects; null: it corrects nothing. */
  correctsSettledAt: Date | null;
  basis: Usage['basis'];
  meters: MeterCounts;
  /** null: unknown. */
  serviceTier: ServiceTier | null;
  chargeNanoEur: bigint;
  costNanoEur: bigint;
  /** `lost`: nobody was charged, and the tenant's loss account has the cost. */
  outcome: Outcome | 'lost';
  finishReason: string | null;
  firstByteMs: number | null;
  totalMs: number;
  upstreamRequestId: string | null;
  /** What was told of the way to this answer; null: nothing. */
  waitedMs: number | null;
  failedAttempts: FailedAttempt[] | null;
  errorKind: string | null;
}

export interface Period {
  start: Date;
  end: Date;
  timeZone: string;
}

/** The levels that pay for a request, in the order in which their balances are locked. */
export function levelsOf(payer: { subjectId: string; apiKeyId: string | null }, tenantId: string) {
  const levels: { level: BudgetLevelName; ownerId: string }[] = [
    { level: 'tenant', ownerId: tenantId },
    { level: 'user', ownerId: payer.subjectId },
  ];
  if (payer.apiKeyId !== null) levels.push({ level: 'api_key', ownerId: payer.apiKeyId });
  return levels;
}

export function balanceKey(level: AccountLevel, ownerId: string, periodStart: Date): string {
  return `${periodStart.getTime()} ${level} ${ownerId}`;
}
