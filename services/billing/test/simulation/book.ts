/** What of a tenant's books those who look at them get to see. */
import type { ReserveOperation } from '@cloudfreedom/contracts';
import type { Account, LedgerModel } from '../model/ledger-model.ts';

/** A month of the simulated calendar: short, so that many holds cross its end. */
export const PERIOD_MS = 400_000;
export const periodOf = (nowMs: number) => Math.floor(nowMs / PERIOD_MS);

export interface Payer {
  credential: ReserveOperation['credential'];
  subjectId: string;
  apiKeyId: string | null;
}

export interface Book {
  readonly nowMs: number;
  readonly tenantId: string;
  readonly payers: Payer[];
  readonly markupPerMille: number;
  readonly model: LedgerModel;
  readonly accounts: Map<string, Account & { period: number }>;
  payersOf(credential: Payer['credential']): Account[];
}
