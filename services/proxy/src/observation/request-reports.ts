/** What is told of each request once it is over: metrics, and one log line. Never a word of the prompt or the answer. */
import type { Logger } from '@cloudfreedom/service-kit';
import { Counter, Gauge, type Registry } from 'prom-client';
import { RequestMetrics } from './request-metrics.ts';
import type { RequestReport } from './request-report.ts';
import { traceRequest } from './request-trace.ts';

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

export class RequestReports {
  readonly #logger: Logger;
  /** Of its lines all fields are named here, none is a credential: looking for some would cost more than the line. */
  readonly #lines: Logger;
  readonly #metrics: RequestMetrics;
  readonly #failedAttempts: Counter<'deployment' | 'kind'>;

  constructor(options: {
    registry: Registry;
    logger: Logger;
    outboxDepth: () => Promise<number>;
    circuits: () => { deployment: string; state: number }[];
  }) {
    const registers = [options.registry];
    this.#logger = options.logger;
    this.#lines = options.logger.child({}, { redact: [] });
    this.#metrics = new RequestMetrics(options.registry);
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
    this.#metrics.observe(report);
    if (report.trace?.isRecorded) traceRequest(report, report.trace);
    const {
      kind: _kind,
      steps: _steps,
      limit: _limit,
      startedAtMs: _at,
      failedAttempts: _failed,
      trace,
      ...told
    } = report;
    this.#lines.info(trace ? { ...told, trace_id: trace.id } : told, 'chat request');
  }
}
