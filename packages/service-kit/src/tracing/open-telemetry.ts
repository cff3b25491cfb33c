/**
 * Traces by OpenTelemetry's SDK, sent in batches as OTLP by HTTP. Nothing is patched and nothing follows a promise: a span
 * is made when its work is over, a request's own and that of a call when they begin.
 */
import {
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { Trace, TraceAttributes, Tracing, Work } from './trace.ts';
import type { TracingConfig } from './tracing-config.ts';

/** Of a receiver that hangs, while closing too. */
const SEND_TIMEOUT_MS = 5_000;

export class OpenTelemetryTracing implements Tracing {
  readonly #logger: Logger;
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();

  constructor(
    { name, version, logger }: { name: string; version: string; logger: Logger },
    config: TracingConfig & { url: string },
  ) {
    this.#logger = logger;
    tellFaults(logger);
    const exporter = new OTLPTraceExporter({
      url: config.url,
      headers: config.OTEL_EXPORTER_OTLP_HEADERS,
      timeoutMillis: SEND_TIMEOUT_MS,
    });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': `cloudfreedom-${name}`,
        'service.version': version,
        ...config.OTEL_RESOURCE_ATTRIBUTES,
      }),
      sampler: samplerOf(config),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          scheduledDelayMillis: config.OTEL_BSP_SCHEDULE_DELAY,
          exportTimeoutMillis: SEND_TIMEOUT_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('cloudfreedom', version);
  }

  begin({ name, headers, attributes }: Parameters<Tracing['begin']>[0]): Trace {
    const client = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, client);
    return new RequestTrace(this.#tracer, this.#propagator, traceApi.setSpan(client, span), span);
  }

  call(name: string, [first, ...others]: readonly [Trace, ...Trace[]]): ReturnType<Tracing['call']> {
    const parent = (first as RequestTrace).context;
    const links = others.map((other) => ({ context: (other as RequestTrace).span.spanContext() }));
    const span = this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, links }, parent);
    return {
      headers: headersOf(this.#propagator, traceApi.setSpan(parent, span)),
      end: (error) => {
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
        span.end();
      },
    };
  }

  async close(): Promise<void> {
    // A receiver that is away must not keep a service from closing in order.
    await this.#provider.shutdown().catch((error: unknown) => this.#logger.warn({ err: error }, 'traces were lost'));
  }
}

class RequestTrace implements Trace {
  readonly id: string;
  readonly isRecorded: boolean;
  readonly context: Context;
  readonly span: Span;
  readonly #tracer: Tracer;
  readonly #propagator: W3CTraceContextPropagator;

  constructor(tracer: Tracer, propagator: W3CTraceContextPropagator, context: Context, span: Span) {
    this.#tracer = tracer;
    this.#propagator = propagator;
    this.context = context;
    this.span = span;
    this.id = span.spanContext().traceId;
    this.isRecorded = span.isRecording();
  }

  headers(): Record<string, string> {
    return headersOf(this.#propagator, this.context);
  }

  add({ name, startedAtMs, endedAtMs, kind, attributes, error }: Work): void {
    if (!this.isRecorded) return;
    const options = {
      startTime: startedAtMs,
      kind: kind === 'asked' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      ...(attributes && { attributes }),
    };
    const span = this.#tracer.startSpan(name, options, this.context);
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(endedAtMs);
  }

  set(attributes: TraceAttributes): void {
    if (this.span.isRecording()) this.span.setAttributes(attributes);
  }

  end(error: string | null): void {
    if (!this.span.isRecording()) return;
    if (error !== null) this.span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    this.span.end();
  }
}

function headersOf(propagator: W3CTraceContextPropagator, context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: TracingConfig): Sampler {
  const roots = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const rule = name.replace('parentbased_', '') as keyof typeof roots;
  const root = roots[rule]();
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** A receiver that is away costs traces and a line in the log, nothing else. */
function tellFaults(logger: Logger): void {
  const tell = (message: string) => logger.warn({ message }, 'traces');
  const silent = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
