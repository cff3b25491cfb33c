/** HTTP to billing with the tenant's service token. Everything that comes back is checked against the contracts. */
import {
  type Catalogue,
  type ContentLook,
  type Credential,
  catalogue,
  contentLookNoted,
  erasurePage,
  type FailureReport,
  failureBatchResponse,
  type LedgerOperation,
  type LedgerResult,
  ledgerBatchResponse,
  type ProxyReport,
  principalResolveResponse,
  proxyReportReceipt,
} from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import { Pool } from 'undici';
import type { z } from 'zod';
import { proxyError } from '../errors.ts';
import { Exchange } from '../upstream/exchange.ts';

/** Longest that a call may take, from asking for a connection to the last byte. */
const CALL_TIMEOUT_MS = 3_000;
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;
const CONNECTIONS = 8;

/** Billing did not answer as agreed. */
export class BillingUnreachable extends Error {
  override name = 'BillingUnreachable';
  /** It may nevertheless have done what was asked. */
  readonly received: boolean;
  /** It could not read what was asked. */
  readonly malformed: boolean;
  constructor(message: string, received: boolean, cause?: unknown, malformed = false) {
    super(message, { cause });
    this.received = received;
    this.malformed = malformed;
  }
}

export type PrincipalAnswer = z.infer<typeof principalResolveResponse>;

export class BillingClient {
  readonly #pool: Pool;
  readonly #eventPool: Pool;
  readonly #authorization: string;
  readonly #pathPrefix: string;

  constructor(options: { url: string; serviceToken: string }) {
    const { origin, pathname } = new URL(options.url);
    this.#pool = new Pool(origin, { connections: CONNECTIONS, connect: { timeout: CALL_TIMEOUT_MS } });
    this.#eventPool = new Pool(origin, { connections: 1, connect: { timeout: CALL_TIMEOUT_MS } });
    this.#pathPrefix = pathname === '/' ? '' : pathname;
    this.#authorization = `Bearer ${options.serviceToken}`;
  }

  /** @throws ApiError `billing_unavailable` */
  async resolvePrincipal(credential: Credential, trace: Trace | null = null): Promise<PrincipalAnswer> {
    const path = '/v1/principals/resolve';
    try {
      return await this.#call('POST', path, { credential }, principalResolveResponse, trace?.headers());
    } catch (error) {
      throw proxyError('billing_unavailable', { cause: error });
    }
  }

  /** @throws ApiError `billing_unavailable` */
  async catalogue(): Promise<Catalogue> {
    try {
      return await this.#call('GET', '/v1/catalogue', undefined, catalogue);
    } catch (error) {
      throw proxyError('billing_unavailable', { cause: error });
    }
  }

  /** @throws BillingUnreachable */
  async report(report: ProxyReport): Promise<void> {
    await this.#call('POST', '/v1/proxy-reports', report, proxyReportReceipt);
  }

  /** Pages of the subject ids of this tenant's people who were erased. @throws BillingUnreachable */
  async *erasedSubjects(): AsyncGenerator<string[]> {
    for (let after: string | null = ''; after !== null; ) {
      const path = `/v1/erasures${after && `?after=${after}`}`;
      const page: z.output<typeof erasurePage> = await this.#call('GET', path, undefined, erasurePage);
      if (page.subjectIds.length > 0) yield page.subjectIds;
      after = page.nextAfter;
    }
  }

  /** One result per operation, in order. @throws BillingUnreachable */
  async ledgerBatch(operations: LedgerOperation[], traceHeaders?: Record<string, string>): Promise<LedgerResult[]> {
    const { results } = await this.#call('POST', '/v1/ledger/batch', { operations }, ledgerBatchResponse, traceHeaders);
    if (results.length !== operations.length)
      throw new BillingUnreachable(`${results.length} results for ${operations.length} operations`, true);
    return results;
  }

  /** It is in the audit log when this comes back. @throws BillingUnreachable */
  async noteContentLook(look: ContentLook): Promise<void> {
    await this.#call('POST', '/v1/content-looks', look, contentLookNoted);
  }

  /** @throws BillingUnreachable */
  async reportFailures(failures: FailureReport[]): Promise<void> {
    await this.#call('POST', '/v1/failures', { failures }, failureBatchResponse);
  }

  /**
   * The stream of changes, from behind an event or, without one, from now. On a connection of its own: it lasts.
   * @param silenceMs longest time without a byte
   */
  openEvents(lastEventId: string | undefined, silenceMs: number): Exchange {
    return new Exchange(this.#eventPool, {
      method: 'GET',
      path: `${this.#pathPrefix}/v1/events`,
      headers: {
        authorization: this.#authorization,
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      headersTimeoutMs: CALL_TIMEOUT_MS * 2,
      bodyTimeoutMs: silenceMs,
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.#eventPool.destroy()]);
  }

  async #call<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    content: unknown,
    schema: S,
    traceHeaders?: Record<string, string>,
  ): Promise<z.output<S>> {
    const exchange = new Exchange(this.#pool, {
      method,
      path: this.#pathPrefix + path,
      headers: {
        authorization: this.#authorization,
        ...traceHeaders,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
      headersTimeoutMs: CALL_TIMEOUT_MS * 2,
      bodyTimeoutMs: CALL_TIMEOUT_MS * 2,
    });
    const timer = setTimeout(() => exchange.abort(new Error(`no answer in ${CALL_TIMEOUT_MS} ms`)), CALL_TIMEOUT_MS);
    try {
      await exchange.started;
      const text = await exchange.collect(ANSWER_LIMIT_BYTES);
      const { status } = exchange;
      if (status !== 200)
        throw new BillingUnreachable(`${path} answered ${status}`, status >= 500, undefined, status === 400);
      return schema.parse(JSON.parse(text));
    } catch (error) {
      if (error instanceof BillingUnreachable) throw error;
      throw new BillingUnreachable(`${path} failed`, exchange.sent, error);
    } finally {
      clearTimeout(timer);
    }
  }
}
