import type { Logger } from 'pino';
import type { Tracing } from './trace.ts';
import type { TracingConfig } from './tracing-config.ts';

/** @returns undefined: no receiver is named, and nothing of it is loaded */
export async function startTracing(
  service: { name: string; version: string; logger: Logger },
  config: TracingConfig,
): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return undefined;
  const { OpenTelemetryTracing } = await import('./open-telemetry.ts');
  return new OpenTelemetryTracing(service, { ...config, url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
}
