/** What billing tells about itself, beside the defaults. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Metrics {
  batchSize: Histogram;
  batchSeconds: Histogram;
  decisions: Counter<'operation' | 'outcome'>;
  retries: Counter<'reason'>;
  relayed: Counter;
  relayFailures: Counter;
}

/** Figures that are read from Postgres when somebody looks. */
export interface Readings {
  openHolds: () => Promise<number>;
  relayRowsWaiting: () => Promise<number>;
  relayLagSeconds: () => Promise<number>;
  directoryAgeSeconds: () => Promise<number>;
  exchangeRateAgeSeconds: () => Promise<number>;
  auditEntriesWaiting: () => Promise<number>;
  tenantStandings: () => Promise<{ slug: string; limitEur: number; remainingEur: number }[]>;
}

export function createMetrics(registry: Registry): Metrics {
  const registers = [registry];
  return {
    batchSize: new Histogram({
      name: 'ledger_batch_operations',
      help: 'Operations decided in one transaction',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'ledger_batch_seconds',
      help: 'Time of one batch, retries included',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
      registers,
    }),
    decisions: new Counter({
      name: 'ledger_decisions_total',
      help: 'Operations by kind and outcome',
      labelNames: ['operation', 'outcome'],
      registers,
    }),
    retries: new Counter({
      name: 'ledger_retries_total',
      help: 'Batches tried again, by SQLSTATE',
      labelNames: ['reason'],
      registers,
    }),
    relayed: new Counter({ name: 'usage_relayed_rows_total', help: 'Usage rows that PocketBase has taken', registers }),
    relayFailures: new Counter({
      name: 'usage_relay_failures_total',
      help: 'Usage batches that PocketBase did not take',
      registers,
    }),
  };
}

/** Both gauges are of one reading; a tenant that has gone is gone here too. */
function registerStandings(registry: Registry, read: Readings['tenantStandings']): void {
  let standings: ReturnType<Readings['tenantStandings']>;
  const gauge = (name: string, help: string, begin: () => void, figure: 'limitEur' | 'remainingEur') =>
    new Gauge({
      name,
      help,
      labelNames: ['tenant'],
      registers: [registry],
      async collect() {
        begin();
        const known = await standings.catch(() => []);
        this.reset();
        for (const standing of known) this.set({ tenant: standing.slug }, standing[figure]);
      },
    });
  const look = () => {
    standings = read();
  };
  // A registry asks its metrics in their order, before it waits for any of them.
  gauge('cloudfreedom_tenant_budget_limit_eur', "A tenant's budget of this month, with top-ups", look, 'limitEur');
  gauge('cloudfreedom_tenant_budget_remaining_eur', 'What of it is neither spent nor held', () => {}, 'remainingEur');
}

/** A reading that fails shows as NaN; it never keeps the other metrics back. */
export function registerReadings(registry: Registry, readings: Readings): void {
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read().catch(() => Number.NaN));
      },
    });
  registerStandings(registry, readings.tenantStandings);
  gauge('ledger_open_holds', 'Reservations that are open', readings.openHolds);
  gauge('usage_relay_rows_waiting', 'Usage rows that PocketBase has not got yet', readings.relayRowsWaiting);
  gauge('usage_relay_lag_seconds', 'Age of the oldest of them', readings.relayLagSeconds);
  gauge('audit_entries_waiting', 'Audit entries that PocketBase has not got yet', readings.auditEntriesWaiting);
  gauge('exchange_rate_age_seconds', 'Age of the exchange rate in effect', readings.exchangeRateAgeSeconds);
  gauge('directory_age_seconds', 'Time since the last whole comparison with PocketBase', readings.directoryAgeSeconds);
}
