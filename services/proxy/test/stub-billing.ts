/** Billing as the proxy sees it: the contracts' routes over real HTTP, with answers that a test can bend. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AnswerCacheRule,
  type Catalogue,
  type CatalogueModel,
  type ContentLook,
  contentLook,
  type FailureReport,
  failureBatch,
  type LedgerOperation,
  type LedgerResult,
  ledgerBatchRequest,
  ledgerBatchResponse,
  type OperationRefused,
  type Principal,
  type ProxyReport,
  principalResolveRequest,
  proxyReport,
} from '@cloudfreedom/contracts';
import { createSecret, sha256Hex } from '@cloudfreedom/service-kit';

export const TENANT_ID = 'tenant000000001';
export const SUBJECT_ID = 'user00000000001';
export const SERVICE_TOKEN = createSecret('cfs-');

export function catalogueModel(changes: Partial<CatalogueModel> = {}): CatalogueModel {
  return {
    id: 'model0000000001',
    name: 'gpt-test',
    deployment: 'gpt-test',
    displayName: 'GPT Test',
    description: { en: '', de: '' },
    languages: [],
    provider: 'openai',
    upstreamModel: 'gpt-upstream',
    region: 'us',
    processor: '',
    priority: 0,
    weight: 1,
    baseUrl: '',
    apiVersion: '',
    keyName: '',
    unsupported: [],
    firstByteTimeoutMs: 0,
    chunkTimeoutMs: 0,
    contextTokens: 100_000,
    outputTokensMax: 8_192,
    reasoning: 'none',
    kind: 'chat',
    priced: true,
    ...changes,
  };
}

/** A refusal for a budget, with figures. */
export function refused(code: OperationRefused['code'], retryAfterMs: number | null = null): OperationRefused {
  return {
    status: 'refused',
    code,
    retryAfterMs,
    budget: {
      level: 'user',
      limit: '20.00',
      spent: '19.99',
      held: '0.00',
      remaining: '0.01',
      needed: '0.05',
      period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z', timeZone: 'Europe/Berlin' },
      openHolds: [{ requestId: 'req-other', model: 'gpt-test', since: '2026-11-02T00:00:00Z', amount: '0.01' }],
    },
  };
}

const none = () => ({ requestsPerMinute: 0, tokensPerMinute: 0, parallelRequests: 0 });
export const NO_LIMITS: Principal['limits'] = { api_key: none(), user: none(), product: none(), tenant: none() };

type Reply = (operation: LedgerOperation) => LedgerResult | undefined;

export class StubBilling {
  readonly apiKey = createSecret('cf-');
  batches: LedgerOperation[][] = [];
  headersOfBatches: IncomingHttpHeaders[] = [];
  models: CatalogueModel[] = [catalogueModel()];
  tenantType: Catalogue['tenant']['type'] = 'dev';
  /** Of the tenant. */
  retentionDays = 0;
  answerCache: AnswerCacheRule = 'off';
  /** Of the tenant: how long requests and answers are kept. */
  contentLogDays = 0;
  /** Who looked at which of them. */
  readonly looks: ContentLook[] = [];
  principal: Principal = {
    subjectId: SUBJECT_ID,
    tenantId: TENANT_ID,
    apiKeyId: 'key000000000001',
    productId: null,
    role: 'member',
    locale: 'en',
    models: ['gpt-test'],
    regionRule: 'any',
    limits: structuredClone(NO_LIMITS),
    outputCapTokens: 0,
  };
  /** Answers instead of the granting ones, where it returns something. */
  reply: Reply = () => undefined;
  /** up: answers. hangs: takes requests and never answers. broken: 500. */
  mode: 'up' | 'hangs' | 'broken' = 'up';
  /** Milliseconds that a batch takes. */
  batchMs = 0;
  /** Which key the credential must have; everything else is refused. */
  refusal: OperationRefused & { bearer?: { subjectId: string; apiKeyId: string | null } } = {
    status: 'refused',
    code: 'invalid_api_key',
    retryAfterMs: null,
    budget: null,
  };
  principalCalls = 0;
  refusesSubjects = false;
  /** Failed requests that it was told of. */
  readonly failures: FailureReport[] = [];
  /** What the proxy told of itself. */
  reports: ProxyReport[] = [];
  /** Endings by reservation, as billing would keep them. */
  readonly endings = new Map<string, { operation: string; result: LedgerResult }>();
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (bytes: Buffer) => parts.push(bytes));
      request.on('end', () => this.#answer(request.url ?? '', Buffer.concat(parts).toString(), request, response));
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Connections are cut and refused until `start` (same port). */
  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  all<O extends LedgerOperation['op']>(op: O): Extract<LedgerOperation, { op: O }>[] {
    return this.batches.flat().filter((item): item is Extract<LedgerOperation, { op: O }> => item.op === op);
  }

  #answer(path: string, body: string, request: { headers: IncomingHttpHeaders }, response: ServerResponse): void {
    const send = (status: number, content: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(content));
    };
    if (this.mode === 'hangs') return;
    if (this.mode === 'broken') send(500, { error: 'broken' });
    else if (request.headers.authorization !== `Bearer ${SERVICE_TOKEN}`) send(401, {});
    else if (path === '/v1/catalogue') send(200, this.#catalogue());
    else if (path === '/v1/principals/resolve') send(200, this.#principalOf(body));
    else if (path === '/v1/failures') {
      const { failures } = failureBatch.parse(JSON.parse(body));
      this.failures.push(...failures);
      send(200, { accepted: failures.length });
    } else if (path === '/v1/content-looks') {
      this.looks.push(contentLook.parse(JSON.parse(body)));
      send(200, { at: new Date().toISOString() });
    } else if (path === '/v1/proxy-reports') {
      this.reports.push(proxyReport.parse(JSON.parse(body)));
      send(200, { at: new Date().toISOString() });
    } else if (path !== '/v1/ledger/batch') send(404, {});
    else {
      const { data, error } = ledgerBatchRequest.safeParse(JSON.parse(body));
      if (error) return void send(400, { error: { message: error.message } });
      const { operations } = data;
      this.batches.push(operations);
      this.headersOfBatches.push(request.headers);
      const results = operations.map((operation) => this.reply(operation) ?? this.#grant(operation));
      setTimeout(() => send(200, ledgerBatchResponse.parse({ results })), this.batchMs);
    }
  }

  #catalogue(): Catalogue {
    const tenant = {
      id: TENANT_ID,
      name: 'Test',
      type: this.tenantType,
      status: 'active' as const,
      domains: [],
      retentionDays: this.retentionDays,
      answerCache: this.answerCache,
      contentLogDays: this.contentLogDays,
    };
    return { tenant, models: this.models };
  }

  #principalOf(body: string) {
    this.principalCalls++;
    const { credential } = principalResolveRequest.parse(JSON.parse(body));
    const known =
      (credential.type === 'subject' && !this.refusesSubjects) ||
      (credential.type === 'api_key' && credential.sha256 === sha256Hex(this.apiKey));
    return known ? { status: 'known', principal: this.principal } : this.refusal;
  }

  #grant(operation: LedgerOperation): LedgerResult {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const hold = (outputTokens: number) => ({ outputTokens, amount: '0.01', expiresAt });
    switch (operation.op) {
      case 'reserve':
        return {
          status: 'granted',
          ceilingOutputTokens: operation.outputTokensCap,
          hold: hold(operation.outputTokensSlice),
          subjectId: this.principal.subjectId,
          apiKeyId: this.principal.apiKeyId,
        };
      case 'extend':
        return { status: 'held', hold: hold(operation.outputTokensHeld) };
      case 'renew':
        return { status: 'held', hold: hold(1) };
      default:
        return this.#end(operation);
    }
  }

  /** The same ending again gives the same answer; another one is refused. */
  #end(operation: Extract<LedgerOperation, { op: 'settle' | 'void' }>): LedgerResult {
    const text = JSON.stringify(operation);
    const known = this.endings.get(operation.reservationId);
    if (known)
      return known.operation === text
        ? known.result
        : { status: 'rejected', code: 'idempotency_conflict', message: 'another ending' };
    const result: LedgerResult =
      operation.op === 'settle'
        ? { status: 'settled', ...priceOf(operation), remaining: '12.50' }
        : { status: 'voided' };
    this.endings.set(operation.reservationId, { operation: text, result });
    return result;
  }
}

/** What nobody was asked for costs nothing. */
function priceOf({ outcome }: Extract<LedgerOperation, { op: 'settle' }>) {
  return outcome === 'cached' ? { charge: '0.00', cost: '0.00' } : { charge: '0.004217', cost: '0.004' };
}
