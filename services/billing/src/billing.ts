/** The service put together: database, app and what runs beside it. Tests start it the same way as the process does. */
import {
  type App,
  createAccessTokenCheck,
  createPool,
  type Logger,
  type Pool,
  startTracing,
} from '@cloudfreedom/service-kit';
import type { Registry } from 'prom-client';
import { createNetworkReader } from './access/client-network.ts';
import { createAlerts } from './alerts/raise-alerts.ts';
import { addRoutes, createBillingApp, VERSION } from './app.ts';
import { countAudit } from './audit/audit-outbox.store.ts';
import { keepAuditing } from './audit/relay-audit.ts';
import { closePeriods } from './budget/carry-over.store.ts';
import { readTenantStandings } from './budget/tenant-standings.store.ts';
import type { Config } from './config.ts';
import { prepareDatabase } from './database/prepare.ts';
import { directoryAgeSeconds, keepReconciled, lastReconciledAt, type Reconciliation } from './directory/reconcile.ts';
import { forgetDirectoryEvents } from './events/directory-events.store.ts';
import { createEventFeed } from './events/event-feed.ts';
import { forgetFailures } from './failures/failures.store.ts';
import { countOpenHolds } from './ledger/holds.store.ts';
import { createLedger, type Ledger } from './ledger/ledger.ts';
import { createMetrics, type Metrics, registerReadings } from './metrics.ts';
import { keepDelivering } from './notices/deliver-notices.ts';
import { updateFromEcb } from './pricing/ecb-rates.ts';
import { exchangeRateAgeSeconds } from './pricing/exchange-rates.ts';
import { resumeReRatings } from './re-rating/re-rate.ts';
import { repeat } from './repeat.ts';
import { createUsageRelay } from './usage/relay-usage.ts';
import { ensureUsagePartitions, readBacklog } from './usage/usage-outbox.store.ts';

const SWEEP_EVERY_MS = 5_000;
const RESUME_EVERY_MS = 15_000;
/** Longer than a step may take: a statement's time limit. */
const RE_RATING_IDLE_MS = 30_000;
const CLOSE_EVERY_MS = 60_000;
const FORGET_EVENTS_EVERY_MS = 3_600_000;
const FORGET_FAILURES_EVERY_MS = 3_600_000;
const FAILURES_KEPT_DAYS = 90;
const PARTITIONS_EVERY_MS = 3_600_000;
/** The ECB publishes once a working day, around 16:00 in Frankfurt. */
const ECB_EVERY_MS = 6 * 3_600_000;
const POOL_CONNECTIONS = 20;

export interface Billing {
  app: App;
  ledger: Ledger;
  /** Stop what runs beside the app and let go of the database; after the app is closed. */
  release: () => Promise<void>;
}

function registerMetrics(registry: Registry, pool: Pool): Metrics {
  registerReadings(registry, {
    openHolds: () => countOpenHolds(pool),
    relayRowsWaiting: async () => (await readBacklog(pool)).rowsWaiting,
    relayLagSeconds: async () => (await readBacklog(pool)).lagSeconds,
    directoryAgeSeconds: () => directoryAgeSeconds(pool),
    exchangeRateAgeSeconds: () => exchangeRateAgeSeconds(pool),
    auditEntriesWaiting: () => countAudit(pool),
    tenantStandings: () => readTenantStandings(pool),
  });
  return createMetrics(registry);
}

/** A copy restored from a backup may hold people who were erased since: it is compared once before it counts. */
async function readiness(
  pool: Pool,
  reconciliation: Reconciliation,
): Promise<{ ready: true } | { ready: false; missing: string }> {
  try {
    const reconciledAt = await lastReconciledAt(pool);
    if (reconciledAt && reconciliation.hasTried()) return { ready: true };
    if (reconciledAt) return { ready: false, missing: 'the directory is being compared with PocketBase' };
    return { ready: false, missing: 'the directory has never been read from PocketBase' };
  } catch {
    return { ready: false, missing: 'Postgres is not reachable' };
  }
}

/** At once and then again and again; a day without an answer leaves the known rate in effect. @returns its stops */
function followEcb(config: Config, pool: Pool, logger: Logger): (() => Promise<void>)[] {
  if (config.EXCHANGE_RATE_SOURCE !== 'ecb') return [];
  const update = () => updateFromEcb(pool, config.ECB_RATES_URL);
  const first = update().catch((error: unknown) => logger.error({ err: error }, "the ECB's rate was not taken"));
  return [repeat("the ECB's rate", update, ECB_EVERY_MS, logger), () => first];
}

/** @throws when Postgres can't be prepared; PocketBase may be down */
export async function startBilling(config: Config, logger: Logger): Promise<Billing> {
  await prepareDatabase({
    ownerUrl: config.MIGRATION_DATABASE_URL,
    serviceUrl: config.DATABASE_URL,
    eurPerUsd: config.USD_EUR_RATE,
    logger,
  });
  const pool = createPool(config.DATABASE_URL, { max: POOL_CONNECTIONS, applicationName: 'billing', pipeline: true });
  pool.on('error', (error) => logger.warn({ reason: error.message }, 'a connection to Postgres was lost'));
  const pocketbase = { url: config.POCKETBASE_URL, internalSecret: config.INTERNAL_SECRET };
  const checkToken = createAccessTokenCheck({
    issuer: config.IDENTITY_ISSUER,
    jwksUrl: config.IDENTITY_JWKS_URL,
    audience: 'billing',
  });
  const reconciliation = keepReconciled(pool, pocketbase, logger);
  const { app, metrics: registry } = await createBillingApp({
    logger,
    corsOrigins: config.CORS_ORIGINS,
    tracing: await startTracing({ name: 'billing', version: VERSION, logger }, config),
    ready: () => readiness(pool, reconciliation),
  });
  const metrics = registerMetrics(registry, pool);
  const relay = createUsageRelay({ pool, pocketbase, metrics, logger });
  const alerts = createAlerts(pool, logger);
  const ledger = createLedger(pool, metrics, (tenantId, ownerIds) => {
    relay.notify();
    alerts.notePaid(tenantId, ownerIds);
  });
  const feed = createEventFeed(pool);
  // Streams of events would keep the app open.
  app.addHook('preClose', async () => feed.stop());
  const onUsage = () => relay.notify();
  await addRoutes(app, {
    pool,
    ledger,
    callers: { pool, checkToken },
    networkOf: createNetworkReader({ header: config.TRUSTED_PROXY_HEADER, addresses: config.TRUSTED_PROXY_ADDRESSES }),
    feed,
    webhookSecret: config.BILLING_WEBHOOK_SECRET,
    onUsage,
    onPersonGone: () => reconciliation.hasten(),
    internalSecret: config.INTERNAL_SECRET,
    webhookPrivateHosts: config.WEBHOOK_PRIVATE_HOSTS,
  });
  const stopping = [
    () => reconciliation.stop(),
    repeat('expired holds', () => ledger.expireHolds(), SWEEP_EVERY_MS, logger),
    repeat(
      're-ratings left behind',
      () => resumeReRatings({ pool, onUsage }, RE_RATING_IDLE_MS),
      RESUME_EVERY_MS,
      logger,
    ),
    repeat('months that are over', () => closePeriods(pool), CLOSE_EVERY_MS, logger),
    repeat('usage partitions', () => ensureUsagePartitions(pool), PARTITIONS_EVERY_MS, logger),
    repeat('old directory events', () => forgetDirectoryEvents(pool), FORGET_EVENTS_EVERY_MS, logger),
    keepAuditing({ pool, pocketbase, logger }),
    repeat('old failed requests', () => forgetFailures(pool, FAILURES_KEPT_DAYS), FORGET_FAILURES_EVERY_MS, logger),
    keepDelivering({ pool, pocketbase, privateHosts: config.WEBHOOK_PRIVATE_HOSTS, logger }),
    () => alerts.stop(),
    () => relay.stop(),
    ...followEcb(config, pool, logger),
  ];
  const release = async () => {
    await Promise.all(stopping.map((stop) => stop()));
    await pool.end();
  };
  return { app, ledger, release };
}
