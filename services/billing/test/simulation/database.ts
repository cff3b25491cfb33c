/**
 * Postgres as billing uses it: transactions happen whole or not at all, one at a time for a tenant. What it keeps is the
 * model's; in the same step billing's own decisions are made on the same operations and have to come out the same.
 */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import type { Account, Answer, LedgerModel } from '../model/ledger-model.ts';
import { type Book, type Payer, periodOf } from './book.ts';
import { Laws } from './laws.ts';
import { ShadowLedger } from './shadow-ledger.ts';
import type { Timeline } from './timeline.ts';

export type LedgerClass = new (...given: ConstructorParameters<typeof LedgerModel>) => LedgerModel;

type Level = Account['level'];

export class TenantBook implements Book {
  readonly tenantId: string;
  readonly payers: Payer[];
  readonly markupPerMille: number;
  readonly model: LedgerModel;
  readonly laws: Laws;
  readonly accounts = new Map<string, Account & { period: number }>();
  /** By level and owner, nano-euro; changes count at once. */
  readonly limits = new Map<string, bigint | null>();
  readonly #timeline: Timeline;
  readonly #shadow: ShadowLedger | null;

  constructor(timeline: Timeline, Ledger: LedgerClass, withShadow: boolean) {
    const { chance } = timeline;
    this.#timeline = timeline;
    this.tenantId = chance.recordId();
    this.markupPerMille = chance.pick([0, 1, 125, 333]);
    const [one, two, key] = [chance.recordId(), chance.recordId(), chance.recordId()];
    const sha256 = chance.between(0, 9).toString().repeat(64);
    this.payers = [
      { credential: { type: 'subject', subjectId: one }, subjectId: one, apiKeyId: null },
      { credential: { type: 'subject', subjectId: two }, subjectId: two, apiKeyId: null },
      { credential: { type: 'api_key', sha256 }, subjectId: one, apiKeyId: key },
    ];
    this.limits.set(`tenant ${this.tenantId}`, chance.happens(0.5) ? BigInt(chance.between(0, 3_000_000)) : null);
    for (const owner of [one, two]) this.limits.set(`user ${owner}`, BigInt(chance.between(0, 2_000_000)));
    this.limits.set(`api_key ${key}`, chance.happens(0.5) ? BigInt(chance.between(0, 1_000_000)) : null);
    this.model = new Ledger(
      this.markupPerMille,
      (credential) => this.payersOf(credential),
      () => this.account('loss', this.tenantId, periodOf(timeline.nowMs)),
      () => timeline.nowMs,
    );
    this.laws = new Laws(this);
    this.#shadow = withShadow ? new ShadowLedger(this) : null;
  }

  get nowMs(): number {
    return this.#timeline.nowMs;
  }

  account(level: Level, ownerId: string, period: number): Account & { period: number } {
    const name = `${period} ${level} ${ownerId}`;
    let account = this.accounts.get(name);
    if (!account) {
      account = {
        level,
        ownerId,
        limit: this.limits.get(`${level} ${ownerId}`) ?? null,
        posted: 0n,
        pending: 0n,
        period,
      };
      this.accounts.set(name, account);
    }
    return account;
  }

  payersOf(credential: Payer['credential']): Account[] {
    const payer = this.payers.find((one) => JSON.stringify(one.credential) === JSON.stringify(credential));
    if (!payer) throw new Error('nobody pays for this');
    const period = periodOf(this.#timeline.nowMs);
    const levels = [this.account('tenant', this.tenantId, period), this.account('user', payer.subjectId, period)];
    return payer.apiKeyId === null ? levels : [...levels, this.account('api_key', payer.apiKeyId, period)];
  }

  changeLimit(level: Level, ownerId: string, limit: bigint | null): void {
    this.limits.set(`${level} ${ownerId}`, limit);
    for (const account of this.accounts.values())
      if (account.level === level && account.ownerId === ownerId) account.limit = limit;
  }

  /** One committed transaction. */
  commit(operations: LedgerOperation[]): Answer[] {
    const answers = operations.map((operation) => {
      const before = this.laws.before(operation);
      const answer = this.model.perform(operation);
      this.laws.after(operation, answer, before);
      return answer;
    });
    this.#shadow?.perform(operations, answers);
    return answers;
  }

  sweep(): void {
    const overdue = this.model.expireOverdue();
    this.#shadow?.expire(overdue);
    this.laws.afterSweep(overdue.length);
  }
}
