/** Metrics of requests, named after OpenTelemetry's conventions for generative AI where they have a name for it. */
import { Counter, Histogram, type Registry } from 'prom-client';
import { OPERATIONS, providerName } from './gen-ai-names.ts';
import type { RequestReport } from './request-report.ts';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 300];
const STEP_SECONDS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 30, 300];
const TOKEN_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1];
const MODEL_LABELS = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;
type ModelLabel = (typeof MODEL_LABELS)[number];

/** Outcomes of answers that were answered whole. */
const WHOLE = new Set(['completed', 'cached']);

export class RequestMetrics {
  readonly #duration: Histogram<ModelLabel | 'error_type'>;
  readonly #firstToken: Histogram<ModelLabel>;
  readonly #perToken: Histogram<ModelLabel>;
  readonly #tokens: Counter<ModelLabel | 'gen_ai_token_type'>;
  readonly #charge: Counter<'gen_ai_request_model'>;
  readonly #steps: Histogram<'step'>;
  readonly #limits: Counter<'limit'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const histogram = <Label extends string>(name: string, help: string, labelNames: Label[], buckets: number[]) =>
      new Histogram({ name, help, labelNames, buckets, registers });
    const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
      new Counter({ name, help, labelNames, registers });
    this.#duration = histogram(
      'gen_ai_server_request_duration_seconds',
      'From the request to the end of its answer; error_type: why it was not answered whole (empty: it was)',
      [...MODEL_LABELS, 'error_type'],
      SECONDS,
    );
    this.#firstToken = histogram(
      'gen_ai_server_time_to_first_token_seconds',
      'From the request to the first part of the answer',
      [...MODEL_LABELS],
      SECONDS,
    );
    this.#perToken = histogram(
      'gen_ai_server_time_per_output_token_seconds',
      'Of a streamed answer after its first part, per token',
      [...MODEL_LABELS],
      TOKEN_SECONDS,
    );
    this.#tokens = counter('gen_ai_client_token_usage_total', 'Settled units; gen_ai_token_type: our meter', [
      ...MODEL_LABELS,
      'gen_ai_token_type',
    ]);
    this.#charge = counter('cloudfreedom_charge_eur_total', 'What budgets have paid, as far as it is known at once', [
      'gen_ai_request_model',
    ]);
    this.#steps = histogram('cloudfreedom_step_duration_seconds', 'Each of our own steps', ['step'], STEP_SECONDS);
    this.#limits = counter('cloudfreedom_limits_hit_total', 'Requests that a limit or a budget stood in the way of', [
      'limit',
    ]);
  }

  observe(report: RequestReport): void {
    const model = report.model ?? 'none';
    const labels = {
      gen_ai_operation_name: OPERATIONS[report.kind ?? 'chat'],
      gen_ai_provider_name: providerName(report.provider ?? 'none'),
      gen_ai_request_model: model,
    };
    const { firstByteMs, totalMs, usage } = report;
    const error_type = WHOLE.has(report.outcome) ? '' : report.outcome;
    this.#duration.observe({ ...labels, error_type }, totalMs / 1000);
    if (report.streamed && firstByteMs !== null) this.#firstToken.observe(labels, firstByteMs / 1000);
    for (const [meter, units] of Object.entries(usage?.meters ?? {}))
      this.#tokens.inc({ ...labels, gen_ai_token_type: meter }, units);
    const output = (usage?.meters.output_text ?? 0) + (usage?.meters.reasoning ?? 0);
    if (report.streamed && firstByteMs !== null && output > 1)
      this.#perToken.observe(labels, (totalMs - firstByteMs) / 1000 / (output - 1));
    if (report.chargeEur !== null) this.#charge.inc({ gen_ai_request_model: model }, Number(report.chargeEur));
    for (const { step, startedAtMs, endedAtMs } of report.steps)
      this.#steps.observe({ step }, (endedAtMs - startedAtMs) / 1000);
    if (report.limit !== null) this.#limits.inc({ limit: report.limit });
  }
}
