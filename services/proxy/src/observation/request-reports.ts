/** What is told of each request once it is over: metrics, and one log line. Never a word of the prompt or the answer. */
import type { ModelProvider, Usage } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface RequestReport {
  requestId: string;
  /** As far as it came: a model that is not served stays out, so that clients can't invent metric labels. */
  model: string | null;
  provider: ModelProvider | null;
  /** That served, or was tried last. */
  deployment: string | null;
  /** Calls of providers. */
  attempts: number;
  upstreamRequestId: string | null;
  simulated: boolean;
  streamed: boolean;
  /** The settled outcome, or the code of the error that was answered. */
  outcome: string;
  subjectId: string | null;
  apiKeyId: string | null;
  usage: Usage | null;
  /** null: not charged, or not known yet. */
  chargeEur: string | null;
  firstByteMs: number | null;
  totalMs: number;
}

/** One call of a provider that came to nothing. */
export interface FailedAttempt {
  requestId: string;
  attempt: number;
  deployment: string;
  kind: string;
  upstreamRequestId: string | null;
  /** For the log alone. */
  cause: unknown;
}

const FIRST_BYTE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

export class RequestReports {
  readonly #logger: Logger;
  readonly #requests: Counter<'model' | 'outcome'>;
  readonly #failedAttempts: Counter<'deployment' | 'kind'>;
  readonly #tokens: Counter<'model' | 'meter'>;
  readonly #firstByte: Histogram<'model'>;

  constructor(options: {
    registry: Registry;
    logger: Logger;
    outboxDepth: () => Promise<number>;
    circuits: () => { deployment: string; state: number }[];
  }) {
    const registers = [options.registry];
    this.#logger = options.logger;
    this.#requests = new Counter({
      name: 'cloudfreedom_proxy_requests_total',
      help: 'Chat requests by model and outcome (the settled outcome, or the code of the error)',
      labelNames: ['model', 'outcome'],
      registers,
    });
    this.#failedAttempts = new Counter({
      name: 'cloudfreedom_proxy_failed_attempts_total',
      help: 'Calls of providers that came to nothing, by deployment and kind of failure',
      labelNames: ['deployment', 'kind'],
      registers,
    });
    new Gauge({
      name: 'cloudfreedom_proxy_circuit_state',
      help: 'Circuit breaker of a deployment: 0 closed, 1 half open, 2 open',
      labelNames: ['deployment'],
      registers,
      collect() {
        this.reset();
        for (const { deployment, state } of options.circuits()) this.set({ deployment }, state);
      },
    });
    this.#tokens = new Counter({
      name: 'cloudfreedom_proxy_tokens_total',
      help: 'Settled units by model and meter',
      labelNames: ['model', 'meter'],
      registers,
    });
    this.#firstByte = new Histogram({
      name: 'cloudfreedom_proxy_first_byte_seconds',
      help: 'From the request to the first part of the answer',
      labelNames: ['model'],
      buckets: FIRST_BYTE_SECONDS,
      registers,
    });
    new Gauge({
      name: 'cloudfreedom_proxy_outbox_depth',
      help: 'Settlements that billing has not taken yet',
      registers,
      async collect() {
        // A database that is down must not take the other metrics with it.
        this.set(await options.outboxDepth().catch(() => Number.NaN));
      },
    });
  }

  noteFailedAttempt({ cause, ...attempt }: FailedAttempt): void {
    this.#failedAttempts.inc({ deployment: attempt.deployment, kind: attempt.kind });
    this.#logger.warn({ ...attempt, err: cause }, 'an attempt failed');
  }

  write(report: RequestReport): void {
    const model = report.model ?? 'none';
    this.#requests.inc({ model, outcome: report.outcome });
    for (const [meter, units] of Object.entries(report.usage?.meters ?? {})) this.#tokens.inc({ model, meter }, units);
    if (report.firstByteMs !== null) this.#firstByte.observe({ model }, report.firstByteMs / 1000);
    this.#logger.info(report, 'chat request');
  }
}
