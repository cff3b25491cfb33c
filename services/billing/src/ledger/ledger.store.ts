/**
 * The ledger in Postgres: lock what a batch can touch, let `decide` decide, write it set-based; one transaction.
 * Locks are taken in one order everywhere: the tenant's turn, reservations by id, then balances by period, level (tenant
 * first) and owner.
 */
import type { LedgerResult, ReserveOperation } from '@cloudfreedom/contracts';
import { type NamedStatement, type Pool, type PoolClient, sendTogether } from '@cloudfreedom/service-kit';
import { readLiveTokens } from '../access/service-token.store.ts';
import { type Row, type RowShape, toArrayText, writeQuery, writeRows, writeTogether } from '../database/insert-rows.ts';
import { inBatchTurn, type TenantTurn } from '../database/tenant-transaction.ts';
import type { KnownPriceLists } from '../pricing/known-price-lists.ts';
import type { PriceList } from '../pricing/price.ts';
import type { VersionsInEffect } from '../pricing/pricing.store.ts';
import type { DirectoryFacts, PricedModel, PriceFacts } from './authorize.ts';
import {
  type BalanceName,
  type BalanceRow,
  inLockOrder,
  lockBalanceRows,
  lockBalances,
  openPeriod,
  readOpening,
} from './balances.store.ts';
import { type Decision, decide, type Operation } from './decide.ts';
import type { LedgerState, Refusal } from './draft.ts';
import { readEarliestExpiry, readOpenHolds } from './holds.store.ts';
import type { KnownDirectory } from './known-directory.ts';
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
/** An operation, and by whose word: the SHA-256 of a service token; absent: billing's own. */
export interface Asked {
  operation: Operation;
  tokenSha256?: string | undefined;
}
export interface BatchResult {
  /** One per operation; null for an expiry. */
  results: (LedgerResult | null | 'token_revoked')[];
  /** The owners of the levels that got entries. */
  paidBy: string[];
}

/** What was read before and is as it was. */
export interface Known {
  priceLists: KnownPriceLists;
  directory: KnownDirectory;
}

/** Decide and write the operations of one tenant. Whatever throws leaves nothing behind. */
export function runBatch(pool: Pool, known: Known, tenantId: string, asked: Asked[]): Promise<BatchResult> {
  return inBatchTurn(pool, tenantId, async (turn) => {
    const { client } = turn;
    const { state, liveTokens } = await lockState({ ...turn, tenantId, known }, asked);
    const allowed = asked.filter(({ tokenSha256 }) => tokenSha256 === undefined || liveTokens.has(tokenSha256));
    const { now } = state;
    const decision = decide(
      state,
      allowed.map(({ operation }) => operation),
    );
    const statements = writeDecision(tenantId, now, decision);
    if (decision.newRefusals.length === 0 && decision.blocks.length === 0) await turn.commit(...statements);
    else {
      await sendTogether(client, statements);
      await explainBlocks(client, tenantId, now, decision);
      await writeRefusals(client, tenantId, now, decision);
    }
    const answers = new Map(allowed.map((one, index) => [one, decision.results[index] ?? null]));
    return {
      results: asked.map((one) => (answers.has(one) ? (answers.get(one) ?? null) : 'token_revoked')),
      paidBy: [...new Set(decision.entries.map(({ ownerId }) => ownerId))],
    };
  });
}

interface Turn extends Pick<TenantTurn, 'client' | 'begin'> {
  tenantId: string;
  known: Known;
}

/** What needs no earlier answer is asked in one message. */
async function readFirst({ tenantId, begin }: Turn, asked: Asked[], locks: Parameters<typeof lockBalanceRows>[1]) {
  const ids = locks.reservationIds ?? [];
  const tokens = [...new Set(asked.flatMap(({ tokenSha256 }) => tokenSha256 ?? []))];
  const mayRepeat = asked.some(({ operation }) => operation.op === 'reserve');
  const [opening, reservations, balances, ...further] = await begin(
    readOpening(tenantId),
    lockReservations(tenantId, ids),
    lockBalanceRows(tenantId, locks),
    ...(mayRepeat ? [readRefusals(tenantId, ids)] : []),
    ...(tokens.length > 0 ? [readLiveTokens(tenantId, tokens)] : []),
  );
  const refusals = mayRepeat ? further.shift() : undefined;
  const [live] = further;
  return {
    opening,
    reservationRows: (reservations?.rows ?? []) as ReservationRow[],
    balanceRows: (balances?.rows ?? []) as BalanceRow[],
    refusals: ((refusals?.rows ?? []) as RefusalRow[]).map(fromRefusalRow),
    liveTokens: new Set((live?.rows ?? []).map(({ sha256 }: { sha256: string }) => sha256)),
  };
}

async function lockState(turn: Turn, asked: Asked[]): Promise<{ state: LedgerState; liveTokens: Set<string> }> {
  const { client, tenantId, known } = turn;
  const operations = asked.map(({ operation }) => operation);
  const reserves = operations.filter((operation) => operation.op === 'reserve');
  const withLosses = operations.some((operation) => operation.op === 'void' && operation.lost);
  const named = namesOf(tenantId, reserves, []);
  const { opening, reservationRows, balanceRows, refusals, liveTokens } = await readFirst(turn, asked, {
    levels: ['tenant', 'user', 'api_key', ...(withLosses ? ['loss' as const] : [])],
    ownerIds: [tenantId, ...named.userIds],
    keyHashes: named.keyHashes,
    reservationIds: [...new Set(operations.map(({ reservationId }) => reservationId.toLowerCase()))],
  });
  const { now, period, eurPerUsd, directoryEvent } = await openPeriod(client, tenantId, opening);
  const names = namesOf(tenantId, reserves, reservationRows);
  const { versions, ...directory } = await known.directory.find(client, names, { directoryEvent, now });
  const lists = await known.priceLists.find(client, [
    ...versions.map(({ id }) => id),
    ...reservationRows.flatMap((row) => (row.price_list ? [] : row.price_version_id)),
  ]);
  const reservations = reservationRows.map((row) => fromReservationRow(row, lists));
  const facts: Facts = { now, ...directory, prices: pricesOf(versions, lists), eurPerUsd };
  const wanted = balancesWanted(tenantId, period, facts, reserves, reservations);
  if (withLosses) wanted.push(...lossAccounts(tenantId, period, reservations));
  const balances = await lockBalances(client, tenantId, facts, wanted.sort(inLockOrder), balanceRows);
  return { state: { tenantId, now, period, facts, balances, reservations, refusals }, liveTokens };
}

/** Credentials, models and prices as they are in this very transaction: a key revoked before it buys nothing. */
function namesOf(tenantId: string, reserves: ReserveOperation[], reservations: ReservationRow[]) {
  const credentials = reserves.map(({ credential }) => credential);
  return {
    tenantId,
    keyHashes: credentials.flatMap((credential) => (credential.type === 'api_key' ? [credential.sha256] : [])),
    keyIds: reservations.flatMap((row) => row.api_key_id ?? []),
    userIds: [
      ...credentials.flatMap((credential) => (credential.type === 'subject' ? [credential.subjectId] : [])),
      ...reservations.map((row) => row.subject_id),
    ],
    modelNames: reserves.map(({ model }) => model),
  };
}

function pricesOf(versions: VersionsInEffect['versions'], lists: Map<bigint, PriceList>): PricedModel[] {
  return versions.flatMap(({ provider, priceName, id }) => {
    const priceList = lists.get(id);
    return priceList ? [{ provider, upstreamModel: priceName, priceVersionId: id, priceList }] : [];
  });
}

function lockReservations(tenantId: string, ids: string[]): NamedStatement {
  return {
    name: 'lock-reservations',
    text: 'SELECT * FROM reservations WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
    values: [tenantId, toArrayText(ids)],
  };
}

interface RefusalRow {
  reservation_id: string;
  input_hash: string;
  answer: LedgerResult;
}

function readRefusals(tenantId: string, ids: string[]): NamedStatement {
  return {
    name: 'read-refusals',
    text: 'SELECT reservation_id, input_hash, answer FROM refusals WHERE tenant_id = $1 AND reservation_id = ANY ($2::uuid[])',
    values: [tenantId, toArrayText(ids)],
  };
}

function fromRefusalRow(row: RefusalRow): Refusal {
  return { reservationId: row.reservation_id, inputHash: row.input_hash, answer: row.answer };
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

/** One statement, but for corrections. Complete before it is sent: nothing is missing where all is committed. */
function writeDecision(tenantId: string, now: Date, decision: Decision): NamedStatement[] {
  const usage = decision.usage.map((record) => toUsageRow(tenantId, record));
  // PocketBase shows people what they pay for.
  const shown = usage.filter(({ outcome }) => outcome !== 'lost');
  const rowsOf: [string, RowShape, Row[]][] = [
    ['open-reservations', shapes.openReservations, decision.opened.map((opened) => toReservationRow(tenantId, opened))],
    [
      'change-reservations',
      shapes.changeReservations,
      decision.changed.map((changed) => toChangedRow(tenantId, changed)),
    ],
    ['change-balances', shapes.changeBalances, decision.balances.map((balance) => toBalanceRow(tenantId, balance))],
    ['add-entries', shapes.addEntries, decision.entries.map((entry) => toEntryRow(tenantId, entry, now))],
    ['add-usage', shapes.addUsage, usage],
    ['queue-usage', shapes.queueUsage, shown],
  ];
  const written = writeTogether(rowsOf.flatMap(([name, shape, rows]) => writeQuery(name, shape, rows) ?? []));
  const superseded = decision.superseded.map(({ reservationId, settledAt }) => ({
    name: 'supersede-usage',
    text: 'UPDATE usage_records SET superseded_at = $4 WHERE tenant_id = $1 AND settled_at = $2 AND reservation_id = $3',
    values: [tenantId, settledAt.toISOString(), reservationId, now.toISOString()],
  }));
  return [...(written ? [written] : []), ...superseded];
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
