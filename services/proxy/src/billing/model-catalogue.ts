/** The models that billing knows, asked for again every ten seconds; kept when billing is down. */
import type { Catalogue } from '@cloudfreedom/contracts';
import type { BillingClient } from './billing-client.ts';

const FRESH_FOR_MS = 10_000;
/** After a failure the old catalogue serves this long before billing is asked again. */
const RETRY_AFTER_MS = 2_000;

export class ModelCatalogue {
  readonly #billing: Pick<BillingClient, 'catalogue'>;
  #known: Catalogue | undefined;
  #askAgainAt = 0;
  #asking: Promise<Catalogue> | undefined;

  constructor(billing: Pick<BillingClient, 'catalogue'>) {
    this.#billing = billing;
  }

  /** @throws ApiError `billing_unavailable` when billing never answered since the start */
  current(): Promise<Catalogue> {
    if (this.#known && Date.now() < this.#askAgainAt) return Promise.resolve(this.#known);
    this.#asking ??= this.#refresh().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #refresh(): Promise<Catalogue> {
    try {
      this.#known = await this.#billing.catalogue();
      this.#askAgainAt = Date.now() + FRESH_FOR_MS;
      return this.#known;
    } catch (error) {
      this.#askAgainAt = Date.now() + RETRY_AFTER_MS;
      if (this.#known) return this.#known;
      throw error;
    }
  }
}
