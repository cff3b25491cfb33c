/**
 * The way to billing's ledger. One batch is in flight; what is asked meanwhile travels in the next one, so a batch
 * grows with the load by itself and needs no timer. Reserve, extend, renew, settle and void share it.
 */
import { LEDGER_BATCH_MAX, type LedgerOperation, type LedgerResult, ledgerOperation } from '@cloudfreedom/contracts';
import type { Trace, Tracing } from '@cloudfreedom/service-kit';
import { type BillingClient, BillingUnreachable } from './billing-client.ts';

interface Waiting {
  operation: LedgerOperation;
  trace: Trace | null;
  resolve: (result: LedgerResult) => void;
  reject: (error: Error) => void;
}

export class Ledger {
  readonly #billing: Pick<BillingClient, 'ledgerBatch'>;
  readonly #tracing: Tracing | undefined;
  #waiting: Waiting[] = [];
  #inFlight: Promise<void> | undefined;
  #released = () => {};

  constructor(billing: Pick<BillingClient, 'ledgerBatch'>, tracing?: Tracing) {
    this.#billing = billing;
    this.#tracing = tracing;
  }

  /**
   * Have one operation decided.
   * @param trace of the request that it is for; absent: of none
   * @throws BillingUnreachable when billing does not answer; ZodError when the operation is malformed
   */
  ask(operation: LedgerOperation, trace: Trace | null = null): Promise<LedgerResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, trace, resolve, reject });
      this.#inFlight ??= this.#sendAll();
    });
  }

  /** Be told (after those who asked) when a batch has let go of holds: settled or voided. */
  onRelease(listener: () => void): void {
    this.#released = listener;
  }

  /** Wait until everything asked so far is answered. */
  async drain(): Promise<void> {
    await this.#inFlight;
  }

  async #sendAll(): Promise<void> {
    // Requests of the same moment (one socket read each, one tick) belong into the same batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#sendOne(this.#waiting.splice(0, LEDGER_BATCH_MAX));
    this.#inFlight = undefined;
  }

  async #sendOne(batch: Waiting[]): Promise<void> {
    const call = this.#traced(batch);
    try {
      const results = await this.#billing.ledgerBatch(
        batch.map(({ operation }) => operation),
        call?.headers,
      );
      call?.end();
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as LedgerResult);
      if (results.some(({ status }) => status === 'settled' || status === 'voided')) this.#released();
    } catch (error) {
      call?.end('unreachable');
      const failure = error instanceof BillingUnreachable ? error : new BillingUnreachable('batch failed', true, error);
      const wellFormed = failure.malformed ? withoutMalformed(batch) : batch;
      if (wellFormed.length === 0) return;
      if (wellFormed.length < batch.length) return this.#sendOne(wellFormed);
      for (const { reject } of batch) reject(failure);
      // What waited behind a dead or hanging billing would only wait as long again: tell it now, unsent.
      const unsent = new BillingUnreachable('billing did not answer the batch before', false, failure);
      for (const { reject } of this.#waiting.splice(0)) reject(unsent);
    }
  }

  /** One call for all requests of a batch. */
  #traced(batch: Waiting[]): ReturnType<Tracing['call']> | undefined {
    if (!this.#tracing) return undefined;
    const [first, ...others] = new Set(batch.flatMap(({ trace }) => trace ?? []));
    return first && this.#tracing.call('POST /v1/ledger/batch', [first, ...others]);
  }
}

/** What billing can't read spoils the batch for the others in it: only then it is looked for. */
function withoutMalformed(batch: Waiting[]): Waiting[] {
  return batch.filter(({ operation, reject }) => {
    const { error } = ledgerOperation.safeParse(operation);
    if (error) reject(error);
    return error === undefined;
  });
}
