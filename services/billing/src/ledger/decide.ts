/**
 * The ledger's decisions, without any I/O: locked balances and reservations and the operations of one tenant go in, one
 * answer per operation and everything that has to be written come out. Order matters: each operation sees what the ones
 * before it did.
 */
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import { type BudgetBlock, createDraft, type Draft, type LedgerState } from './draft.ts';
import { extend, renew } from './hold.ts';
import type { Balance, Entry, Reservation, UsageRecord } from './reservation.ts';
import { reserve } from './reserve.ts';
import { expire, settle, voidReservation } from './settle.ts';

/** What billing does by itself when a hold has outlived its time; it has no answer to anybody. */
interface ExpireOperation {
  op: 'expire';
  reservationId: string;
}
export type Operation = LedgerOperation | ExpireOperation;

export interface Decision {
  /** One per operation; null for an expiry. */
  results: (LedgerResult | null)[];
  opened: Reservation[];
  changed: Reservation[];
  balances: Balance[];
  entries: Entry[];
  usage: UsageRecord[];
  superseded: Draft['superseded'];
  newRefusals: Draft['newRefusals'];
  blocks: BudgetBlock[];
}

function perform(draft: Draft, operation: Operation, index: number): LedgerResult | null {
  switch (operation.op) {
    case 'reserve':
      return reserve(draft, operation, index);
    case 'extend':
      return extend(draft, operation, index);
    case 'renew':
      return renew(draft, operation);
    case 'settle':
      return settle(draft, operation);
    case 'void':
      return voidReservation(draft, operation, index);
    case 'expire':
      expire(draft, operation.reservationId);
      return null;
  }
}

function pick<T>(from: Map<string, T>, keys: Iterable<string>): T[] {
  return [...keys].flatMap((key) => from.get(key) ?? []);
}

export function decide(state: LedgerState, operations: Operation[]): Decision {
  const draft = createDraft(state);
  const results = operations.map((operation, index) => perform(draft, operation, index));
  return {
    results,
    opened: pick(draft.reservations, draft.opened),
    changed: pick(
      draft.reservations,
      [...draft.changed].filter((id) => !draft.opened.has(id)),
    ),
    balances: pick(draft.balances, draft.touched),
    entries: draft.entries,
    usage: draft.usage,
    superseded: draft.superseded,
    newRefusals: draft.newRefusals,
    blocks: draft.blocks,
  };
}
