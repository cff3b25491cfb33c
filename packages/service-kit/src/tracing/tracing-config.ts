/** Where traces go, by OpenTelemetry's own variables. */
import { z } from 'zod';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** `a=1,b=2`, percent-encoded, as OpenTelemetry writes lists. */
const pairs = z
  .string()
  .default('')
  .transform((text, context) => {
    const read: Record<string, string> = {};
    for (const pair of text.split(',').filter((one) => one.trim() !== '')) {
      const at = pair.indexOf('=');
      try {
        if (at < 1) throw new Error('no name');
        read[decodeURIComponent(pair.slice(0, at).trim())] = decodeURIComponent(pair.slice(at + 1).trim());
      } catch {
        context.addIssue({ code: 'custom', message: 'expected name=value, separated by commas, percent-encoded' });
        return z.NEVER;
      }
    }
    return read;
  });

/** Of every service; OpenTelemetry's names and meanings. */
export const tracingConfig = {
  /** Absent: no traces. `/v1/traces` is put behind it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  /** Share of the traces, for the samplers by ratio. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  /** Milliseconds between two batches. */
  OTEL_BSP_SCHEDULE_DELAY: z.coerce.number().int().min(1).max(600_000).default(5_000),
} as const;

const schema = z.object(tracingConfig);
export type TracingConfig = z.output<typeof schema>;
