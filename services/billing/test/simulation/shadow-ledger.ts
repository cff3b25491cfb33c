/** Billing's own decisions on rows in memory, beside the model: the same answers, sums and entries, or it throws. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import { type Decision, decide, type Operation } from '../../src/ledger/decide.ts';
import type { LedgerState, Refusal } from '../../src/ledger/draft.ts';
import { type Balance, balanceKey, type Reservation } from '../../src/ledger/reservation.ts';
import { essence } from '../model/essence.ts';
import type { Answer } from '../model/ledger-model.ts';
import { apiKey, model, product, tenant, user } from '../records.ts';
import { type Book, PERIOD_MS, periodOf } from './book.ts';

const PRICES = [{ aboveInputTokens: 0, usdPerMillion: { uncached_input: '0.15', output_text: '0.60' } }];
const asText = (value: unknown) =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner), 1);

export class ShadowLedger {
  readonly #book: Book;
  readonly #facts: Omit<LedgerState['facts'], 'now'>;
  readonly #reservations = new Map<string, Reservation>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #balances = new Map<string, Balance>();
  readonly #entries: string[] = [];
  /** What the log says of each reservation: the charge of the row that counts. */
  readonly #logged = new Map<string, bigint>();

  constructor(book: Book) {
    this.#book = book;
    const { tenantId, payers } = book;
    const plan = product({ id: 'p'.repeat(15) });
    const deployment = model();
    this.#facts = {
      tenant: tenant({ id: tenantId, markupPercent: `${book.markupPerMille / 10}` }),
      users: [...new Set(payers.map(({ subjectId }) => subjectId))].map((id) =>
        user({ id, tenantId, productId: plan.id }),
      ),
      products: [plan],
      apiKeys: payers.flatMap(({ credential, subjectId, apiKeyId }) => {
        if (credential.type !== 'api_key' || !apiKeyId) return [];
        const { key: _key, ...record } = apiKey({
          id: apiKeyId,
          tenantId,
          userId: subjectId,
          sha256: credential.sha256,
        });
        return [record];
      }),
      models: [deployment],
      prices: [{ provider: 'openai', upstreamModel: deployment.upstreamModel, priceVersionId: 1n, priceList: PRICES }],
      eurPerUsd: '0.86',
    };
  }

  perform(operations: LedgerOperation[], wanted: Answer[]): void {
    const { results } = this.#decide(operations);
    const given = results.map(essence);
    if (asText(given) !== asText(wanted))
      throw new Error(`${asText(operations)}\ndecided: ${asText(given)}\nthe model: ${asText(wanted)}`);
    this.#compare();
  }

  expire(reservationIds: string[]): void {
    if (reservationIds.length === 0) return;
    this.#decide(reservationIds.map((reservationId) => ({ op: 'expire', reservationId })));
    this.#compare();
  }

  #decide(operations: Operation[]): Decision {
    const nowMs = this.#book.nowMs;
    const period = periodOf(nowMs);
    const now = new Date(nowMs);
    const ids = new Set(operations.map(({ reservationId }) => reservationId));
    const decision = decide(
      {
        tenantId: this.#book.tenantId,
        now,
        period: { start: new Date(period * PERIOD_MS), end: new Date((period + 1) * PERIOD_MS), timeZone: 'UTC' },
        facts: { ...this.#facts, now },
        balances: this.#lockBalances(),
        reservations: [...this.#reservations.values()].filter(({ id }) => ids.has(id)),
        refusals: [...this.#refusals.values()].filter(({ reservationId }) => ids.has(reservationId)),
      },
      operations,
    );
    this.#write(decision);
    return decision;
  }

  /** Those that the model has opened, with the limits that count now. */
  #lockBalances(): Balance[] {
    for (const { credential } of this.#book.payers) this.#book.payersOf(credential);
    return [...this.#book.accounts.values()].map(({ level, ownerId, limit, period }) => {
      const periodStart = new Date(period * PERIOD_MS);
      const known = this.#balances.get(balanceKey(level, ownerId, periodStart));
      const sums = known ?? { postedNanoEur: 0n, pendingNanoEur: 0n };
      return { ...sums, level, ownerId, periodStart, limitNanoEur: limit };
    });
  }

  #write(decision: Decision): void {
    for (const reservation of [...decision.opened, ...decision.changed])
      this.#reservations.set(reservation.id, reservation);
    for (const balance of decision.balances)
      this.#balances.set(balanceKey(balance.level, balance.ownerId, balance.periodStart), balance);
    for (const { level, ownerId, periodStart, kind, amountNanoEur, reservationId } of decision.entries)
      this.#entries.push(`${periodStart.getTime()} ${level} ${ownerId} ${kind} ${amountNanoEur} ${reservationId}`);
    for (const { index, reservationId, inputHash } of decision.newRefusals) {
      const answer = decision.results[index];
      if (answer) this.#refusals.set(reservationId, { reservationId, inputHash, answer });
    }
    for (const { reservation, chargeNanoEur } of decision.usage) this.#logged.set(reservation.id, chargeNanoEur);
  }

  #compare(): void {
    const { model: simplest, accounts } = this.#book;
    for (const { level, ownerId, period, posted, pending } of accounts.values()) {
      const real = this.#balances.get(balanceKey(level, ownerId, new Date(period * PERIOD_MS)));
      if ((real?.postedNanoEur ?? 0n) !== posted || (real?.pendingNanoEur ?? 0n) !== pending)
        throw new Error(
          `${level}: decided ${real?.postedNanoEur}/${real?.pendingNanoEur}, the model ${posted}/${pending}`,
        );
    }
    const entries = simplest.entries.map(({ account, kind, amount, reservationId }) => {
      const { level, ownerId, period } = account as typeof account & { period: number };
      return `${period * PERIOD_MS} ${level} ${ownerId} ${kind} ${amount} ${reservationId}`;
    });
    if (entries.length !== this.#entries.length || entries.some((entry, index) => entry !== this.#entries[index]))
      throw new Error(`entries decided: ${asText(this.#entries)}\nthe model's: ${asText(entries)}`);
    for (const [id, charge] of this.#logged)
      if (this.#reservations.get(id)?.chargeNanoEur !== charge) throw new Error(`the log and ${id} differ`);
  }
}
