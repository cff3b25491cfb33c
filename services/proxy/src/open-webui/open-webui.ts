/**
 * Open WebUI's requests. With a person's access token it is that person's request, and whose account there it is is
 * learnt. Without one (a call without a browser) the service key and the signed header together stand for the account's
 * owner, and only for one that was learnt: an e-mail address joins nobody.
 */
import { timingSafeEqual } from 'node:crypto';
import { commonError, type Logger, sha256Hex } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { AccountOwner, OpenWebUiAccountStore } from './account.store.ts';
import { type OpenWebUiHeaders, readAccountId } from './signed-header.ts';

const REMEMBERED_MAX = 10_000;

export interface OpenWebUiSecrets {
  serviceKey: string;
  /** Open WebUI's `FORWARD_USER_INFO_HEADER_JWT_SECRET`. */
  userTokenSecret: string;
}

export class OpenWebUi {
  readonly #secrets: { serviceKeySha256: Buffer; userTokenSecret: Uint8Array } | undefined;
  readonly #store: Pick<OpenWebUiAccountStore, 'claim' | 'find'>;
  readonly #logger: Logger;
  /** What the table says already, so that a token is written down once; never asked for who somebody is. */
  readonly #written = new Map<string, AccountOwner>();

  /** @param options `secrets`: undefined where the tenant has no Open WebUI */
  constructor(options: {
    secrets: OpenWebUiSecrets | undefined;
    store: Pick<OpenWebUiAccountStore, 'claim' | 'find'>;
    logger: Logger;
  }) {
    const { secrets } = options;
    this.#secrets = secrets && {
      serviceKeySha256: Buffer.from(sha256Hex(secrets.serviceKey), 'hex'),
      userTokenSecret: new TextEncoder().encode(secrets.userTokenSecret),
    };
    this.#store = options.store;
    this.#logger = options.logger;
  }

  /** Is it the tenant's service key? */
  knows(serviceKey: string): boolean {
    if (!this.#secrets) return false;
    return timingSafeEqual(Buffer.from(sha256Hex(serviceKey), 'hex'), this.#secrets.serviceKeySha256);
  }

  /**
   * Of a request that brings the service key: whose account it is for.
   * @throws ApiError `invalid_api_key` for another service key, `invalid_open_webui_user` for a bad or missing header
   */
  async accountOf(serviceKey: string, headers: OpenWebUiHeaders): Promise<string> {
    if (!this.#secrets || !this.knows(serviceKey))
      throw proxyError('invalid_api_key', {
        message: "X-CloudFreedom-Service-Key is not this tenant's service key for Open WebUI.",
      });
    return readAccountId(headers, this.#secrets.userTokenSecret);
  }

  /** @throws ApiError `unknown_open_webui_user`, `unavailable` */
  async ownerOf(accountId: string): Promise<AccountOwner> {
    const owner = await this.#store.find(accountId).catch((cause: unknown) => {
      throw commonError('unavailable', { cause });
    });
    if (!owner) throw proxyError('unknown_open_webui_user');
    return owner;
  }

  /**
   * The account came with this person's own access token.
   * @throws ApiError `foreign_open_webui_user` where it is somebody else's
   */
  async learn(accountId: string, owner: AccountOwner): Promise<void> {
    const written = this.#written.get(accountId);
    if (written?.subjectId === owner.subjectId && written.tokenIssuedAt >= owner.tokenIssuedAt) return;
    let isTheirs: boolean;
    try {
      isTheirs = await this.#store.claim(accountId, owner);
    } catch (error) {
      // The token says who asks; the account can be learnt with the next request.
      this.#logger.warn({ err: error }, 'whose account at Open WebUI it is could not be written down');
      return;
    }
    if (!isTheirs) throw proxyError('foreign_open_webui_user');
    if (this.#written.size >= REMEMBERED_MAX) this.#written.clear();
    this.#written.set(accountId, owner);
  }
}
