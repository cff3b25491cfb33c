/** The proxy: its parts, its plugins and routes in order. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { audienceOf, isOwnPage } from '@cloudfreedom/contracts';
import {
  type App,
  createAccessTokenCheck,
  createApp,
  createPool,
  type Logger,
  migrate,
  startTracing,
} from '@cloudfreedom/service-kit';
import { AnswerCache } from './answer-cache/answer-cache.ts';
import { BillingClient } from './billing/billing-client.ts';
import { BudgetLine } from './billing/budget-line.ts';
import { followDirectory } from './billing/follow-directory.ts';
import { Ledger } from './billing/ledger.ts';
import { ModelCatalogue } from './billing/model-catalogue.ts';
import { Principals } from './billing/principals.ts';
import type { ProxyConfig } from './config.ts';
import { ContentStore } from './content-log/content.store.ts';
import { ContentLog } from './content-log/content-log.ts';
import { ContentSeal } from './content-log/content-seal.ts';
import { contentLogDays } from './content-log/read-content.ts';
import { IdempotencyKeyStore } from './idempotency/idempotency-key.store.ts';
import { IdempotencyKeys } from './idempotency/idempotency-keys.ts';
import type { Parts } from './inference/parts.ts';
import { RequestLimits } from './limits/request-limits.ts';
import { CircuitBreakers } from './models/circuit-breakers.ts';
import { FailureLog } from './observation/failure-log.ts';
import { keepReportingHealth } from './observation/report-health.ts';
import { RequestReports } from './observation/request-reports.ts';
import { OpenWebUiAccountStore } from './open-webui/account.store.ts';
import { OpenWebUi } from './open-webui/open-webui.ts';
import { EndingKeeper } from './outbox/ending-keeper.ts';
import { OutboxStore } from './outbox/outbox.store.ts';
import { OutboxRelay } from './outbox/outbox-relay.ts';
import { KeyCipher } from './provider-keys/key-cipher.ts';
import { ProviderKeyStore } from './provider-keys/provider-key.store.ts';
import { ProviderKeys } from './provider-keys/provider-keys.ts';
import type { ProviderAdapter } from './providers/provider.ts';
import { KeptResponseStore } from './responses/kept-response.store.ts';
import { KeptResponses } from './responses/kept-responses.ts';
import { keepSweeping } from './responses/sweep-responses.ts';
import { isAnthropicClient } from './routes/anthropic-client.ts';
import { addCountMessageTokens } from './routes/count-message-tokens.ts';
import { addCreateChatCompletion } from './routes/create-chat-completion.ts';
import { addCreateCompletion } from './routes/create-completion.ts';
import { addCreateEmbedding } from './routes/create-embedding.ts';
import { addCreateMessage } from './routes/create-message.ts';
import { addCreateResponse } from './routes/create-response.ts';
import { addDeleteProviderKey } from './routes/delete-provider-key.ts';
import { addDeleteResponse } from './routes/delete-response.ts';
import { addExportPerson } from './routes/export-person.ts';
import { addGetModel } from './routes/get-model.ts';
import { addListModels } from './routes/list-models.ts';
import { addListProviderKeys } from './routes/list-provider-keys.ts';
import { addListResponseInput } from './routes/list-response-input.ts';
import { addPutProviderKey } from './routes/put-provider-key.ts';
import { addReadContent } from './routes/read-content.ts';
import { addReadContentNotice } from './routes/read-content-notice.ts';
import { addReadResponse } from './routes/read-response.ts';
import { messagesError } from './surfaces/messages/error.ts';
import { TokenCounter } from './tokens/token-counter.ts';
import { UpstreamPools } from './upstream/pools.ts';

const VERSION = '0.1.0';
const LIMITS_ALONE = 'Redis does not answer: rate limits count in each proxy by itself';
const MIGRATIONS = new URL('../migrations', import.meta.url).pathname;

export interface Proxy {
  app: App;
  /** Let go of everything beside the app, after its last request. May be called more than once. */
  release: () => Promise<void>;
}

/** Brings the tenant's database up to date and starts delivering the outbox. */
export async function createProxy(options: {
  config: ProxyConfig;
  logger: Logger;
  adapters: Record<ProviderName, ProviderAdapter>;
}): Promise<Proxy> {
  const { config, logger, adapters } = options;
  await migrate(config.databaseUrl, MIGRATIONS, logger, { schema: 'proxy' });
  const pool = createPool(config.databaseUrl, { applicationName: 'proxy' });
  pool.on('error', (error) => logger.warn({ err: error }, 'a connection to Postgres was lost'));
  const outbox = new OutboxStore(pool);
  const usedKeys = new IdempotencyKeyStore(pool);
  const idempotencyKeys = new IdempotencyKeys({ store: usedKeys, logger });
  const openWebUiAccounts = new OpenWebUiAccountStore(pool);
  const endings = new EndingKeeper({ store: outbox, logger });
  const tracing = await startTracing({ name: 'proxy', version: VERSION, logger }, config.tracing);
  const billing = new BillingClient(config.billing);
  const catalogue = new ModelCatalogue(billing);
  const ledger = new Ledger(billing, tracing);
  const limits = new RequestLimits({
    redisUrl: config.redisUrl,
    tenantId: config.tenantId,
    logger,
  });
  const tokenCounter = new TokenCounter();
  const upstreams = new UpstreamPools(config.privateUpstreams);
  const cipher = cipherOf(config);
  const providerKeys = new ProviderKeys({
    tenantId: config.tenantId,
    store: new ProviderKeyStore(pool),
    cipher,
    given: config.providerKeys,
    logger,
  });
  await providerKeys.start();
  const { app, metrics } = await createApp({
    service: 'proxy',
    version: VERSION,
    logger,
    corsOrigins: config.corsOrigins,
    allowsOrigin: async (origin) => isOwnPage((await catalogue.current()).tenant, origin),
    bodyLimitBytes: config.bodyLimitBytes,
    ready: () => readiness(catalogue, outbox, limits),
    tracing,
    errorBodyOf: (error, request) => (isAnthropicClient(request) ? messagesError(error, request.id) : undefined),
  });
  const circuitBreakers = new CircuitBreakers(config.circuitFailures);
  const principals = new Principals(billing);
  const contentStore = new ContentStore(pool, config.tenantId);
  const seal = new ContentSeal(config.tenantId, cipher);
  const contentLog = new ContentLog({
    store: contentStore,
    seal,
    days: () => catalogue.contentLogDays,
    logger,
    registry: metrics,
  });
  const failures = new FailureLog({
    send: (reports) => billing.reportFailures(reports),
    logger,
    registry: metrics,
  });
  const answers = new AnswerCache({
    ...config.answerCache,
    redisUrl: config.redisUrl,
    tenantId: config.tenantId,
    logger,
    registry: metrics,
  });
  const outboxDepth = async () => (await outbox.depth()) + endings.waiting;
  const parts: Parts = {
    config,
    logger,
    checkAccessToken: createAccessTokenCheck({ ...config.identity, audience: audienceOf.proxy(config.tenantId) }),
    openWebUi: new OpenWebUi({ secrets: config.openWebUi, store: openWebUiAccounts, logger }),
    principals,
    catalogue,
    ledger,
    budgetLine: new BudgetLine(ledger),
    idempotencyKeys,
    limits,
    answers,
    tokenCounter,
    endings,
    providerKeys,
    circuitBreakers,
    upstreams,
    reports: new RequestReports({
      registry: metrics,
      logger,
      outboxDepth,
      circuits: () => circuitBreakers.states(),
    }),
    failures,
    contentLog,
    adapters,
  };
  // Where Anthropic's clients look for it.
  app.addHook('onRequest', (request, reply, done) => {
    if (isAnthropicClient(request)) reply.header('request-id', request.id);
    done();
  });
  addListModels(app, parts);
  addGetModel(app, parts);
  addCreateChatCompletion(app, parts);
  addCreateEmbedding(app, parts);
  addCreateCompletion(app, parts);
  addCreateMessage(app, parts);
  addCountMessageTokens(app, parts);
  const responseStore = new KeptResponseStore(pool);
  const platformDays = config.responsesRetentionDays;
  const keptResponses = new KeptResponses({ store: responseStore, catalogue, logger, platformDays });
  const stopSweeping = keepSweeping({
    store: responseStore,
    kept: [usedKeys, openWebUiAccounts],
    retentionDays: () => keptResponses.retentionDays(),
    contents: contentStore,
    contentLogDays: () => contentLogDays(catalogue),
    readErasedSubjects: () => billing.erasedSubjects(),
    logger,
  });
  addCreateResponse(app, parts, keptResponses);
  addReadResponse(app, parts, keptResponses);
  addDeleteResponse(app, parts, keptResponses);
  addListResponseInput(app, parts, keptResponses);
  const contents = { store: contentStore, seal, catalogue, billing, logger };
  addExportPerson(app, parts, { responses: responseStore, usedKeys, openWebUiAccounts, contents });
  addReadContentNotice(app, parts);
  addReadContent(app, parts, contents);
  addListProviderKeys(app, parts);
  addPutProviderKey(app, parts);
  addDeleteProviderKey(app, parts);
  const relay = new OutboxRelay({ store: outbox, ledger, logger });
  relay.start();
  const stopFollowing = followDirectory({ billing, principals, catalogue, logger });
  const stopReporting = keepReportingHealth({ ...parts, billing, outboxDepth, version: VERSION });

  let released: Promise<void> | undefined;
  const release = async () => {
    idempotencyKeys.close();
    tokenCounter.close();
    answers.close();
    providerKeys.stop();
    await stopFollowing();
    await Promise.all([relay.stop(), stopSweeping(), stopReporting()]);
    await ledger.drain();
    await endings.drain();
    await Promise.all([failures.close(), contentLog.close()]);
    await Promise.all([billing.close(), upstreams.close(), limits.close(), pool.end()]);
  };
  return { app, release: () => (released ??= release()) };
}

function cipherOf({ encryptionKeys: [first, ...older] }: ProxyConfig): KeyCipher | undefined {
  return first && new KeyCipher([first, ...older]);
}

async function readiness(
  catalogue: ModelCatalogue,
  outbox: OutboxStore,
  limits: RequestLimits,
): Promise<{ ready: true; degraded: string[] } | { ready: false; missing: string }> {
  const [models, database] = await Promise.allSettled([catalogue.current(), outbox.depth()]);
  if (models.status === 'rejected') return { ready: false, missing: 'billing does not answer' };
  if (database.status === 'rejected') return { ready: false, missing: "the tenant's Postgres does not answer" };
  return { ready: true, degraded: limits.isAway ? [LIMITS_ALONE] : [] };
}
