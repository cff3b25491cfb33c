/** What is told of each request once it is over: metrics, and one log line. Never a word of the prompt or the answer. */
import type { ModelProvider, Usage } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface RequestReport {
  requestId: string;
  /** As far as it came: a model that is not served stays out, so that clients can't invent metric labels. */
  model: string | null;
  provider: ModelProvider | null;
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

const FIRST_BYTE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

export class RequestReports {
  readonly #logger: Logger;
  readonly #requests: Counter<'model' | 'outcome'>;
  readonly #tokens: Counter<'model' | 'meter'>;
  readonly #firstByte: Histogram<'model'>;

  constructor(options: { registry: Registry; logger: Logger; outboxDepth: () => Promise<number> }) {
    const registers = [options.registry];
    this.#logger = options.logger;
    this.#requests = new Counter({
      name: 'cloudfreedom_proxy_requests_total',
      help: 'Chat requests by model and outcome (the settled outcome, or the code of the error)',
      labelNames: ['model', 'outcome'],
      registers,
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

  write(report: RequestReport): void {
    const model = report.model ?? 'none';
    this.#requests.inc({ model, outcome: report.outcome });
    for (const [meter, units] of Object.entries(report.usage?.meters ?? {})) this.#tokens.inc({ model, meter }, units);
    if (report.firstByteMs !== null) this.#firstByte.observe({ model }, report.firstByteMs / 1000);
    this.#logger.info(report, 'chat request');
  }
}
