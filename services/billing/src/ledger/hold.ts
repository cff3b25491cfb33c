/** Keeping a hold alive, and letting it grow towards its ceiling. */
import { formatEur, type LedgerOperation, type LedgerResult, type Usage } from '@cloudfreedom/contracts';
import { priceHold } from '../pricing/price.ts';
import { balancesOf, type Draft, findOverflow, moveHold, rejected } from './draft.ts';
import { HOLD_MS, type Reservation } from './reservation.ts';
import { findOccupied, findSpent, refuseForBudget } from './reserve.ts';

type ExtendOperation = Extract<LedgerOperation, { op: 'extend' }>;
type RenewOperation = Extract<LedgerOperation, { op: 'renew' }>;

/** The open reservation that an operation names, or the answer that there is none. */
function findOpen(draft: Draft, reservationId: string): Reservation | LedgerResult {
  const reservation = draft.reservations.get(reservationId);
  if (!reservation) return rejected('reservation_not_found', 'This tenant has no such reservation.');
  if (reservation.state === 'open') return reservation;
  return rejected('reservation_ended', `This reservation has ended: ${reservation.state}.`);
}

function keepAlive(draft: Draft, reservation: Reservation, progress: Usage): LedgerResult {
  reservation.progress = progress;
  reservation.expiresAt = new Date(draft.state.now.getTime() + HOLD_MS);
  draft.changed.add(reservation.id);
  return {
    status: 'held',
    hold: {
      outputTokens: reservation.heldOutputTokens,
      amount: formatEur(reservation.holdNanoEur),
      expiresAt: reservation.expiresAt.toISOString(),
    },
  };
}

/** A heartbeat. */
export function renew(draft: Draft, operation: RenewOperation): LedgerResult {
  const found = findOpen(draft, operation.reservationId);
  return 'status' in found ? found : keepAlive(draft, found, operation.progress);
}

/** Hold more output. Asking for what is held already, or for less, is a heartbeat: a hold never shrinks. */
export function extend(draft: Draft, operation: ExtendOperation, index: number): LedgerResult {
  const reservation = findOpen(draft, operation.reservationId);
  if ('status' in reservation) return reservation;
  if (operation.outputTokensHeld > reservation.ceilingOutputTokens) {
    return rejected('beyond_ceiling', `The ceiling is ${reservation.ceilingOutputTokens} output tokens.`);
  }
  if (operation.outputTokensHeld > reservation.heldOutputTokens) {
    const wanted = priceHold(reservation.terms, reservation, operation.outputTokensHeld);
    const needed = wanted - reservation.holdNanoEur;
    const balances = balancesOf(draft, reservation);
    const blocked = { needed, index, subjectId: reservation.subjectId };
    const spent = findSpent(balances, wanted);
    if (spent) return refuseForBudget(draft, { code: 'insufficient_quota', balance: spent, ...blocked });
    const occupied = findOccupied(balances, needed);
    if (occupied) return refuseForBudget(draft, { code: 'budget_held', balance: occupied, ...blocked });
    const overflow = findOverflow(balances, needed);
    if (overflow) return overflow;
    moveHold(draft, reservation, needed);
    reservation.holdNanoEur = wanted;
    reservation.heldOutputTokens = operation.outputTokensHeld;
  }
  return keepAlive(draft, reservation, operation.progress);
}
