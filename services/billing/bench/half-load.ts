/** What reserve and settle add to a request while requests come at random moments, half as many as would saturate. */
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { reserveOf, settleOf } from '../test/records.ts';

/** Who pays: everybody in turn. */
export interface Company {
  tenantId: string;
  userIds: string[];
  next: number;
}

export interface HalfLoad {
  users: number;
  how: 'in batches' | 'one by one';
  saturatedPerSecond: number;
  loadPerSecond: number;
  reserveMs: number[];
  bothMs: number[];
}

type Perform = (operation: LedgerOperation) => Promise<LedgerResult | undefined>;

/** Requests in flight that saturate the ledger: more make batches larger, and each wait longer. */
const SATURATING_REQUESTS = 64;
const SATURATE_MS = 1_500;
const LOAD_MS = 3_000;

/** Neighbours are different people, and all share the tenant's row. */
export function nextReserve(company: Company) {
  const subjectId = company.userIds[company.next++ % company.userIds.length] ?? '';
  return reserveOf(
    { type: 'subject', subjectId },
    { outputTokensMin: 16, outputTokensCap: 4_096, outputTokensSlice: 1_024 },
  );
}

export const nextSettle = (reservationId: string) => settleOf(reservationId, { uncached_input: 800, output_text: 300 });

/** The ledger groups what waits; one by one each operation waits for the one before, in a transaction of its own. */
function performer(ledger: Ledger, company: Company, how: HalfLoad['how']): Perform {
  let turn: Promise<unknown> = Promise.resolve();
  return async (operation) => {
    const perform = async () => (await ledger.perform(company.tenantId, [operation]))[0];
    if (how === 'in batches') return perform();
    const mine = turn.then(perform);
    turn = mine;
    return mine;
  };
}

async function request(perform: Perform, company: Company): Promise<{ reserveMs: number; bothMs: number }> {
  const reserve = nextReserve(company);
  const startedAt = performance.now();
  const granted = await perform(reserve);
  const reserveMs = performance.now() - startedAt;
  const settledAt = performance.now();
  const settled = await perform(nextSettle(reserve.reservationId));
  if (granted?.status !== 'granted' || settled?.status !== 'settled')
    throw new Error(`the ledger answered ${JSON.stringify([granted, settled])}`);
  return { reserveMs, bothMs: reserveMs + performance.now() - settledAt };
}

/** Requests per second with as many in flight as the ledger likes. */
async function saturate(perform: Perform, company: Company): Promise<number> {
  const startedAt = performance.now();
  let requests = 0;
  const client = async () => {
    while (performance.now() - startedAt < SATURATE_MS) {
      await request(perform, company);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: SATURATING_REQUESTS }, client));
  return (requests * 1000) / (performance.now() - startedAt);
}

/** Random arrivals (exponential gaps); one that is late, because the machine was busy, is sent at once. */
export async function addLatency(ledger: Ledger, company: Company, how: HalfLoad['how']): Promise<HalfLoad> {
  const perform = performer(ledger, company, how);
  const saturatedPerSecond = await saturate(perform, company);
  const loadPerSecond = saturatedPerSecond / 2;
  const startedAt = performance.now();
  const sent: ReturnType<typeof request>[] = [];
  let dueMs = 0;
  while (dueMs < LOAD_MS) {
    const aheadMs = dueMs - (performance.now() - startedAt);
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    sent.push(request(perform, company));
    dueMs += (-Math.log(1 - Math.random()) * 1000) / loadPerSecond;
  }
  const done = await Promise.all(sent);
  return {
    users: company.userIds.length,
    how,
    saturatedPerSecond,
    loadPerSecond,
    reserveMs: done.map(({ reserveMs }) => reserveMs),
    bothMs: done.map(({ bothMs }) => bothMs),
  };
}
