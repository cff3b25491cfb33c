/**
 * The ledger in Postgres: lock what a batch can touch, let `decide` decide, write it set-based; one transaction.
 * Locks are taken in one order everywhere: the tenant's turn, reservations by id, then balances by period, level (tenant
 * first) and owner.
 */
import type { LedgerResult, OperationRefused, ReserveOperation } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { type Row, type RowShape, writeRows } from '../database/insert-rows.ts';
import { inTenantTurn } from '../database/tenant-transaction.ts';
import { readDirectory } from '../directory/directory.store.ts';
import { readPrices } from '../pricing/pricing.store.ts';
import type { DirectoryFacts, PriceFacts } from './authorize.ts';
import { type BalanceName, inLockOrder, lockBalances, openPeriod } from './balances.store.ts';
import { type Decision, decide, type Operation } from './decide.ts';
import type { LedgerState, Refusal } from './draft.ts';
import { readEarliestExpiry, readOpenHolds } from './holds.store.ts';
import { balanceKey, levelsOf, type Period, type Reservation } from './reservation.ts';
import {
  fromReservationRow,
  type ReservationRow,
  shapes,
  toBalanceRow,
  toChangedRow,
  toEntryRow,
  toReservationRow,
  toUsageRow,
} from './reservation-rows.ts';

type Facts = DirectoryFacts & PriceFacts;
export type BatchResult = Pick<Decision, 'results'> & {
  /** The owners of the levels that got entries. */
  paidBy: string[];
};

/** Decide and write the operations of one tenant. Whatever throws leaves nothing behind. */
export function runBatch(pool: Pool, tenantId: string, operations: Operation[]): Promise<BatchResult> {
  return inTenantTurn(pool, tenantId, async (client, turn) => {
    const state = await lockState(client, tenantId, turn, operations);
    const { now } = state;
    const decision = decide(state, operations);
    await writeDecision(client, tenantId, now, decision);
    await explainBlocks(client, tenantId, now, decision);
    await writeRefusals(client, tenantId, now, decision);
    return { results: decision.results, paidBy: [...new Set(decision.entries.map(({ ownerId }) => ownerId))] };
  });
}

/** Queries that don't need each other's answers are sent at once; on one connection they run in that order. */
async function lockState(
  client: PoolClient,
  tenantId: string,
  turn: Promise<unknown>,
  operations: Operation[],
): Promise<LedgerState> {
  const ids = [...new Set(operations.map(({ reservationId }) => reservationId.toLowerCase()))];
  const reserves = operations.filter((operation) => operation.op === 'reserve');
  const [{ now, period }, reservations, refusals] = await Promise.all([
    openPeriod(client, tenantId),
    lockReservations(client, tenantId, ids),
    reserves.length > 0 ? readRefusals(client, tenantId, ids) : [],
    turn,
  ]);
  const facts = await readFacts(client, tenantId, now, reserves, reservations);
  const wanted = balancesWanted(tenantId, period, facts, reserves, reservations);
  if (operations.some((operation) => operation.op === 'void' && operation.lost))
    wanted.push(...lossAccounts(tenantId, period, reservations));
  const balances = await lockBalances(client, tenantId, facts, wanted.sort(inLockOrder));
  return { tenantId, now, period, facts, balances, reservations, refusals };
}

async function lockReservations(client: PoolClient, tenantId: string, ids: string[]): Promise<Reservation[]> {
  const { rows } = await client.query<ReservationRow>({
    name: 'lock-reservations',
    text: 'SELECT * FROM reservations WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
    values: [tenantId, ids],
  });
  return rows.map(fromReservationRow);
}

async function readRefusals(client: PoolClient, tenantId: string, ids: string[]): Promise<Refusal[]> {
  const { rows } = await client.query<{ reservation_id: string; input_hash: string; answer: OperationRefused }>({
    name: 'read-refusals',
    text: 'SELECT reservation_id, input_hash, answer FROM refusals WHERE tenant_id = $1 AND reservation_id = ANY ($2::uuid[])',
    values: [tenantId, ids],
  });
  return rows.map((row) => ({ reservationId: row.reservation_id, inputHash: row.input_hash, answer: row.answer }));
}

/** Credentials, models and prices as they are in this very transaction: a key revoked before it buys nothing. */
async function readFacts(
  client: PoolClient,
  tenantId: string,
  now: Date,
  reserves: ReserveOperation[],
  reservations: Reservation[],
): Promise<Facts> {
  const credentials = reserves.map(({ credential }) => credential);
  const directory = await readDirectory(client, {
    tenantId,
    keyHashes: credentials.flatMap((credential) => (credential.type === 'api_key' ? [credential.sha256] : [])),
    keyIds: reservations.flatMap(({ apiKeyId }) => apiKeyId ?? []),
    userIds: [
      ...credentials.flatMap((credential) => (credential.type === 'subject' ? [credential.subjectId] : [])),
      ...reservations.map(({ subjectId }) => subjectId),
    ],
    modelNames: reserves.map(({ model }) => model),
  });
  const prices = reserves.length > 0 ? await readPrices(client, directory.models) : { prices: [], eurPerUsd: null };
  return { now, ...directory, ...prices };
}

function balancesWanted(
  tenantId: string,
  period: Period,
  facts: Facts,
  reserves: ReserveOperation[],
  reservations: Reservation[],
): BalanceName[] {
  const wanted = new Map<string, BalanceName>();
  const add = (payer: { subjectId: string; apiKeyId: string | null }, periodStart: Date) => {
    for (const { level, ownerId } of levelsOf(payer, tenantId)) {
      wanted.set(balanceKey(level, ownerId, periodStart), { level, ownerId, periodStart });
    }
  };
  for (const { credential } of reserves) {
    if (credential.type === 'subject') {
      if (facts.users.some(({ id }) => id === credential.subjectId))
        add({ subjectId: credential.subjectId, apiKeyId: null }, period.start);
      continue;
    }
    const key = facts.apiKeys.find(({ sha256 }) => sha256 === credential.sha256);
    if (key) add({ subjectId: key.userId, apiKeyId: key.id }, period.start);
  }
  for (const reservation of reservations) add(reservation, reservation.periodStart);
  return [...wanted.values()];
}

/** Of each month from which a reservation can be lost. */
function lossAccounts(tenantId: string, period: Period, reservations: Reservation[]): BalanceName[] {
  const months = new Map([period.start, ...reservations.map(({ periodStart }) => periodStart)].map((at) => [+at, at]));
  return [...months.values()].map((periodStart) => ({ level: 'loss', ownerId: tenantId, periodStart }));
}

async function writeDecision(client: PoolClient, tenantId: string, now: Date, decision: Decision): Promise<void> {
  const write = (name: string, shape: RowShape, rows: Row[]) => writeRows(client, name, shape, rows);
  const opened = decision.opened.map((reservation) => toReservationRow(tenantId, reservation));
  const changed = decision.changed.map((reservation) => toChangedRow(tenantId, reservation));
  const balances = decision.balances.map((balance) => toBalanceRow(tenantId, balance));
  const entries = decision.entries.map((entry) => toEntryRow(tenantId, entry, now));
  const usage = decision.usage.map((record) => toUsageRow(tenantId, record));
  // PocketBase shows people what they pay for.
  const shown = usage.filter(({ outcome }) => outcome !== 'lost');
  await Promise.all([
    write('open-reservations', shapes.openReservations, opened),
    write('change-reservations', shapes.changeReservations, changed),
    write('change-balances', shapes.changeBalances, balances),
    write('add-entries', shapes.addEntries, entries),
    write('add-usage', shapes.addUsage, usage),
    write('queue-usage', shapes.queueUsage, shown),
    ...decision.superseded.map(({ reservationId, settledAt }) =>
      client.query(
        `UPDATE usage_records SET superseded_at = $4 WHERE tenant_id = $1 AND settled_at = $2 AND reservation_id = $3`,
        [tenantId, settledAt, reservationId, now],
      ),
    ),
  ]);
}

async function writeRefusals(client: PoolClient, tenantId: string, now: Date, decision: Decision): Promise<void> {
  const rows = decision.newRefusals.map(({ index, reservationId, inputHash }) => ({
    tenant_id: tenantId,
    reservation_id: reservationId,
    input_hash: inputHash,
    answer: decision.results[index],
    decided_at: now,
  }));
  await writeRows(client, 'add-refusals', shapes.addRefusals, rows);
}

/** Fill into the refusals what only the written batch knows: the open holds, and when the first of them has to end. */
async function explainBlocks(client: PoolClient, tenantId: string, now: Date, decision: Decision): Promise<void> {
  const looked = new Map<string, { openHolds: Awaited<ReturnType<typeof readOpenHolds>>; retryAfterMs: number }>();
  for (const block of decision.blocks) {
    const answer: LedgerResult | null | undefined = decision.results[block.index];
    if (answer?.status !== 'refused' || !answer.budget) continue;
    const key = `${balanceKey(block.level, block.ownerId, block.periodStart)} ${block.subjectId}`;
    let found = looked.get(key);
    if (!found) {
      const keyId = block.level === 'api_key' ? block.ownerId : null;
      const openHolds = await readOpenHolds(client, tenantId, block.subjectId, keyId);
      const expiresAt = await readEarliestExpiry(client, tenantId, block);
      found = { openHolds, retryAfterMs: Math.max(0, (expiresAt ?? now).getTime() - now.getTime()) };
      looked.set(key, found);
    }
    answer.budget.openHolds = found.openHolds;
    if (answer.code === 'budget_held') answer.retryAfterMs = found.retryAfterMs;
  }
}
