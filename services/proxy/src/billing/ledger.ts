/**
 * The way to billing's ledger. One batch is in flight; what is asked meanwhile travels in the next one, so a batch
 * grows with the load by itself and needs no timer. Reserve, extend, renew, settle and void share it.
 */
import { LEDGER_BATCH_MAX, type LedgerOperation, type LedgerResult, ledgerOperation } from '@cloudfreedom/contracts';
import { type BillingClient, BillingUnreachable } from './billing-client.ts';

interface Waiting {
  operation: LedgerOperation;
  resolve: (result: LedgerResult) => void;
  reject: (error: Error) => void;
}

export class Ledger {
  readonly #billing: Pick<BillingClient, 'ledgerBatch'>;
  #waiting: Waiting[] = [];
  #inFlight: Promise<void> | undefined;
  #released = () => {};

  constructor(billing: Pick<BillingClient, 'ledgerBatch'>) {
    this.#billing = billing;
  }

  /**
   * Have one operation decided.
   * @throws BillingUnreachable when billing does not answer; ZodError when the operation is malformed, which would have
   * spoilt the batch for the others in it
   */
  ask(operation: LedgerOperation): Promise<LedgerResult> {
    return new Promise((resolve, reject) => {
      const checked = ledgerOperation.safeParse(operation);
      if (!checked.success) return reject(checked.error);
      this.#waiting.push({ operation, resolve, reject });
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
    try {
      const results = await this.#billing.ledgerBatch(batch.map(({ operation }) => operation));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as LedgerResult);
      if (results.some(({ status }) => status === 'settled' || status === 'voided')) this.#released();
    } catch (error) {
      const failure = error instanceof BillingUnreachable ? error : new BillingUnreachable('batch failed', true, error);
      for (const { reject } of batch) reject(failure);
      // What waited behind a dead or hanging billing would only wait as long again: tell it now, unsent.
      const unsent = new BillingUnreachable('billing did not answer the batch before', false, failure);
      for (const { reject } of this.#waiting.splice(0)) reject(unsent);
    }
  }
}
