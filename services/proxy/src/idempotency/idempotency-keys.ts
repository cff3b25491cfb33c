/** A request with an Idempotency-Key is charged once: the second one is refused, while the first runs and for a day. */
import { commonError, type Logger, sha256Hex } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { IdempotencyKeyStore, UsedKey } from './idempotency-key.store.ts';

const KEY = /^[\x20-\x7e]{1,255}$/;
const FORGET_EVERY_MS = 3_600_000;

/** @throws ApiError `invalid_request`; null: the request has none */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw commonError('invalid_request', {
    message: 'Idempotency-Key: expected one key of 1 to 255 printable ASCII characters.',
    param: 'Idempotency-Key',
  });
}

export class IdempotencyKeys {
  readonly #store: IdempotencyKeyStore;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;

  constructor(options: { store: IdempotencyKeyStore; logger: Logger }) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#timer = setInterval(() => this.#forgetOld(), FORGET_EVERY_MS);
    this.#timer.unref();
  }

  /**
   * @returns gives the key back: to be called where the request ended without a charge
   * @throws ApiError `idempotency_key_used` with the first request's id, `idempotency_unavailable`
   */
  async claim(order: { subjectId: string; key: string; requestId: string }): Promise<() => Promise<void>> {
    const { subjectId, key, requestId } = order;
    const used: UsedKey = { subjectId, keySha256: sha256Hex(key), requestId };
    const first = await this.#store.claim(used).catch((cause: unknown) => {
      throw proxyError('idempotency_unavailable', { cause });
    });
    if (first === null) return () => this.#release(used);
    throw proxyError('idempotency_key_used', {
      message: `This Idempotency-Key belongs to the request ${first}, which is running or was charged. Nothing was sent and nothing is charged again.`,
      param: 'Idempotency-Key',
      details: { request_id: first },
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A key that can't be given back stays used for its day, which costs nobody money. */
  async #release(used: UsedKey): Promise<void> {
    await this.#store
      .release(used)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'an idempotency key could not be given back'));
  }

  #forgetOld(): void {
    this.#store
      .forgetOld()
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'old idempotency keys could not be deleted'));
  }
}
