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
  /** How often it was said to have changed. */
  #changes = 0;
  #asking: Promise<Catalogue> | undefined;

  constructor(billing: Pick<BillingClient, 'catalogue'>) {
    this.#billing = billing;
  }

  /** @throws ApiError `billing_unavailable` when billing never answered since the start */
  current(): Promise<Catalogue> {
    if (this.#known && Date.now() < this.#askAgainAt) return Promise.resolve(this.#known);
    if (this.#asking) return this.#asking;
    const asking = this.#refresh().finally(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
    return asking;
  }

  /** As far as is known, whole days; 0: requests and answers are not kept. */
  get contentLogDays(): number {
    return this.#known?.tenant.contentLogDays ?? 0;
  }

  /** It has changed: the next reader waits for a new one. An answer that is on its way counts only for who waits for it. */
  forget(): void {
    this.#askAgainAt = 0;
    this.#asking = undefined;
    this.#changes += 1;
  }

  async #refresh(): Promise<Catalogue> {
    const changes = this.#changes;
    try {
      const answer = await this.#billing.catalogue();
      if (changes !== this.#changes) return answer;
      this.#known = answer;
      this.#askAgainAt = Date.now() + FRESH_FOR_MS;
      return answer;
    } catch (error) {
      if (changes === this.#changes) this.#askAgainAt = Date.now() + RETRY_AFTER_MS;
      if (this.#known) return this.#known;
      throw error;
    }
  }
}
