/** Reservations, entries and usage records as rows, and back. */
import type { LedgerResult, ModelProvider, Reach, Region, Usage, UsageTask } from '@cloudfreedom/contracts';
import { changeShape, insertShape, type Row } from '../database/insert-rows.ts';
import { PLAIN_REACH, type PriceList } from '../pricing/price.ts';
import type { Balance, Entry, Reservation, ReservationState, UsageRecord } from './reservation.ts';

const KEY = { tenant_id: 'text', id: 'uuid' };
/** What can change while a reservation is open and when it ends. */
const CHANGING = {
  held_output_tokens: 'bigint',
  hold_nano_eur: 'bigint',
  expires_at: 'timestamptz',
  progress: 'jsonb',
  state: 'text',
  ended_at: 'timestamptz',
  charge_nano_eur: 'bigint',
  end_hash: 'text',
  end_answer: 'jsonb',
};
const FIXED = {
  request_id: 'text',
  attempt: 'integer',
  subject_id: 'text',
  api_key_id: 'text',
  product_id: 'text',
  cost_centre: 'text',
  model: 'text',
  provider: 'text',
  upstream_model: 'text',
  deployment: 'text',
  region: 'text',
  simulated: 'boolean',
  streamed: 'boolean',
  task: 'text',
  period_start: 'timestamptz',
  price_version_id: 'bigint',
  eur_per_usd: 'numeric',
  markup_percent: 'numeric',
  input_tokens_max: 'bigint',
  choices: 'integer',
  reach: 'jsonb',
  ceiling_output_tokens: 'bigint',
  opened_at: 'timestamptz',
  input_hash: 'text',
  answer: 'jsonb',
};
const USAGE = {
  tenant_id: 'text',
  settled_at: 'timestamptz',
  reservation_id: 'uuid',
  request_id: 'text',
  attempt: 'integer',
  subject_id: 'text',
  api_key_id: 'text',
  product_id: 'text',
  cost_centre: 'text',
  model: 'text',
  provider: 'text',
  upstream_model: 'text',
  deployment: 'text',
  region: 'text',
  simulated: 'boolean',
  streamed: 'boolean',
  task: 'text',
  period_start: 'timestamptz',
  basis: 'text',
  uncached_input: 'bigint',
  cache_read: 'bigint',
  cache_write: 'bigint',
  output_text: 'bigint',
  reasoning: 'bigint',
  server_tool_call: 'bigint',
  cache_write_1h: 'bigint',
  input_audio: 'bigint',
  output_audio: 'bigint',
  output_image: 'bigint',
  service_tier: 'text',
  price_version_id: 'bigint',
  eur_per_usd: 'numeric',
  markup_percent: 'numeric',
  charge_nano_eur: 'bigint',
  cost_nano_eur: 'bigint',
  outcome: 'text',
  finish_reason: 'text',
  first_byte_ms: 'integer',
  total_ms: 'integer',
  upstream_request_id: 'text',
  waited_ms: 'integer',
  failed_attempts: 'jsonb',
  error_kind: 'text',
  corrects_settled_at: 'timestamptz',
};
const BALANCE_KEY = { tenant_id: 'text', level: 'text', owner_id: 'text', period_start: 'timestamptz' };

export const usageColumns = Object.keys(USAGE);

export const shapes = {
  openReservations: insertShape('reservations', { ...KEY, ...FIXED, ...CHANGING }),
  changeReservations: changeShape('reservations', KEY, FIXED, CHANGING),
  openBalances: insertShape('budget_balances', BALANCE_KEY, 'ON CONFLICT DO NOTHING'),
  changeBalances: changeShape(
    'budget_balances',
    BALANCE_KEY,
    {},
    { posted_nano_eur: 'bigint', pending_nano_eur: 'bigint' },
  ),
  addEntries: insertShape('entries', {
    ...BALANCE_KEY,
    kind: 'text',
    amount_nano_eur: 'bigint',
    reservation_id: 'uuid',
    reason: 'text',
    author: 'text',
    created_at: 'timestamptz',
  }),
  addUsage: insertShape('usage_records', USAGE),
  queueUsage: insertShape('usage_outbox', { tenant_id: 'text', settled_at: 'timestamptz', reservation_id: 'uuid' }),
  addRefusals: insertShape(
    'refusals',
    { tenant_id: 'text', reservation_id: 'uuid', input_hash: 'text', answer: 'jsonb', decided_at: 'timestamptz' },
    'ON CONFLICT DO NOTHING',
  ),
};

export interface ReservationRow {
  id: string;
  request_id: string;
  attempt: number;
  subject_id: string;
  api_key_id: string | null;
  product_id: string | null;
  cost_centre: string;
  model: string;
  provider: ModelProvider;
  upstream_model: string;
  deployment: string | null;
  region: Region | null;
  simulated: boolean;
  streamed: boolean;
  task: UsageTask | null;
  period_start: Date;
  price_version_id: bigint;
  /** Null: that of the version. */
  price_list: PriceList | null;
  eur_per_usd: string;
  markup_percent: string;
  input_tokens_max: bigint;
  choices: number;
  reach: Reach | null;
  ceiling_output_tokens: bigint;
  held_output_tokens: bigint;
  hold_nano_eur: bigint;
  opened_at: Date;
  expires_at: Date;
  progress: Usage | null;
  state: ReservationState;
  input_hash: string;
  answer: LedgerResult;
  ended_at: Date | null;
  charge_nano_eur: bigint | null;
  usage_at: Date | null;
  end_hash: string | null;
  end_answer: LedgerResult | null;
}

export function fromReservationRow(row: ReservationRow, versions: Map<bigint, PriceList>): Reservation {
  const priceList = row.price_list ?? versions.get(row.price_version_id);
  if (!priceList) throw new Error('the prices of a reservation are missing');
  return {
    id: row.id,
    requestId: row.request_id,
    attempt: row.attempt,
    subjectId: row.subject_id,
    apiKeyId: row.api_key_id,
    productId: row.product_id,
    costCentre: row.cost_centre,
    model: row.model,
    provider: row.provider,
    upstreamModel: row.upstream_model,
    deployment: row.deployment,
    region: row.region,
    simulated: row.simulated,
    streamed: row.streamed,
    task: row.task,
    periodStart: row.period_start,
    priceVersionId: row.price_version_id,
    terms: { priceList, eurPerUsd: row.eur_per_usd, markupPercent: row.markup_percent },
    inputTokensMax: Number(row.input_tokens_max),
    choices: row.choices,
    reach: row.reach ?? PLAIN_REACH,
    ceilingOutputTokens: Number(row.ceiling_output_tokens),
    heldOutputTokens: Number(row.held_output_tokens),
    holdNanoEur: row.hold_nano_eur,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    progress: row.progress,
    state: row.state,
    inputHash: row.input_hash,
    answer: row.answer,
    endedAt: row.ended_at,
    chargeNanoEur: row.charge_nano_eur,
    usageAt: row.usage_at ?? row.ended_at,
    endHash: row.end_hash,
    endAnswer: row.end_answer,
  };
}

/** What the reservation and its usage record have in common. */
function commonColumns(reservation: Reservation): Row {
  return {
    request_id: reservation.requestId,
    attempt: reservation.attempt,
    subject_id: reservation.subjectId,
    api_key_id: reservation.apiKeyId,
    product_id: reservation.productId,
    cost_centre: reservation.costCentre,
    model: reservation.model,
    provider: reservation.provider,
    upstream_model: reservation.upstreamModel,
    deployment: reservation.deployment,
    region: reservation.region,
    simulated: reservation.simulated,
    streamed: reservation.streamed,
    task: reservation.task,
    period_start: reservation.periodStart,
    price_version_id: reservation.priceVersionId,
    eur_per_usd: reservation.terms.eurPerUsd,
    markup_percent: reservation.terms.markupPercent,
  };
}

/** What can have changed, with the key. */
export function toChangedRow(tenantId: string, reservation: Reservation): Row {
  return {
    tenant_id: tenantId,
    id: reservation.id,
    held_output_tokens: reservation.heldOutputTokens,
    hold_nano_eur: reservation.holdNanoEur,
    expires_at: reservation.expiresAt,
    progress: reservation.progress,
    state: reservation.state,
    ended_at: reservation.endedAt,
    charge_nano_eur: reservation.chargeNanoEur,
    end_hash: reservation.endHash,
    end_answer: reservation.endAnswer,
  };
}

export function toReservationRow(tenantId: string, reservation: Reservation): Row {
  return {
    ...commonColumns(reservation),
    ...toChangedRow(tenantId, reservation),
    input_tokens_max: reservation.inputTokensMax,
    choices: reservation.choices,
    reach: reservation.reach === PLAIN_REACH ? null : reservation.reach,
    ceiling_output_tokens: reservation.ceilingOutputTokens,
    opened_at: reservation.openedAt,
    input_hash: reservation.inputHash,
    answer: reservation.answer,
  };
}

export function toBalanceRow(tenantId: string, balance: Balance): Row {
  return {
    tenant_id: tenantId,
    level: balance.level,
    owner_id: balance.ownerId,
    period_start: balance.periodStart,
    posted_nano_eur: balance.postedNanoEur,
    pending_nano_eur: balance.pendingNanoEur,
  };
}

export function toEntryRow(tenantId: string, entry: Entry, createdAt: Date): Row {
  return {
    tenant_id: tenantId,
    level: entry.level,
    owner_id: entry.ownerId,
    period_start: entry.periodStart,
    kind: entry.kind,
    amount_nano_eur: entry.amountNanoEur,
    reservation_id: entry.reservationId,
    reason: entry.reason,
    author: entry.author,
    created_at: createdAt,
  };
}

export function toUsageRow(tenantId: string, record: UsageRecord): Row {
  return {
    ...commonColumns(record.reservation),
    ...record.meters,
    tenant_id: tenantId,
    settled_at: record.settledAt,
    reservation_id: record.reservation.id,
    basis: record.basis,
    service_tier: record.serviceTier,
    charge_nano_eur: record.chargeNanoEur,
    cost_nano_eur: record.costNanoEur,
    outcome: record.outcome,
    finish_reason: record.finishReason,
    first_byte_ms: record.firstByteMs,
    total_ms: record.totalMs,
    upstream_request_id: record.upstreamRequestId,
    waited_ms: record.waitedMs,
    failed_attempts: record.failedAttempts,
    error_kind: record.errorKind,
    corrects_settled_at: record.correctsSettledAt,
  };
}
