/** A request's trace: a span for each of our own steps and for each call of a provider, once it is over. */
import type { Trace } from '@cloudfreedom/service-kit';
import { OPERATIONS, providerName } from './gen-ai-names.ts';
import type { RequestReport } from './request-report.ts';

/** By OpenTelemetry's conventions for generative AI. Never a word of the prompt or the answer. */
export function traceRequest(report: RequestReport, trace: Trace): void {
  const { steps, startedAtMs, failedAttempts, outcome, chargeEur, subjectId } = report;
  const failed = outcome !== 'completed' && outcome !== 'cached';
  trace.set({
    ...modelOf(report),
    'cloudfreedom.outcome': outcome,
    ...(subjectId !== null && { 'cloudfreedom.subject.id': subjectId }),
    ...(chargeEur !== null && { 'cloudfreedom.charge_eur': chargeEur }),
    ...(failed && { 'error.type': outcome }),
  });
  for (const { step, ...times } of steps) trace.add({ name: step, ...times });
  for (const { deployment, kind, startedMs, endedMs } of failedAttempts)
    trace.add({
      name: `attempt ${deployment}`,
      startedAtMs: startedAtMs + startedMs,
      endedAtMs: startedAtMs + endedMs,
      attributes: { 'cloudfreedom.deployment': deployment, 'error.type': kind },
      error: kind,
    });
  traceCall(report, trace, failed);
}

/** From the call of the provider that answered to the end of its answer. */
function traceCall(report: RequestReport, trace: Trace, failed: boolean): void {
  const { steps, usage, outcome } = report;
  const call = steps.findLast(({ step }) => step === 'call');
  if (!call || usage === null) return;
  const relay = steps.findLast(({ step }) => step === 'relay');
  const { uncached_input = 0, cache_read = 0, cache_write = 0, cache_write_1h = 0, ...meters } = usage.meters;
  trace.add({
    name: `${OPERATIONS[report.kind ?? 'chat']} ${report.model ?? ''}`,
    startedAtMs: call.startedAtMs,
    endedAtMs: relay?.endedAtMs ?? call.endedAtMs,
    kind: 'asked',
    attributes: {
      ...modelOf(report),
      'gen_ai.usage.input_tokens':
        uncached_input + cache_read + cache_write + cache_write_1h + (meters.input_audio ?? 0),
      'gen_ai.usage.output_tokens':
        (meters.output_text ?? 0) + (meters.reasoning ?? 0) + (meters.output_audio ?? 0) + (meters.output_image ?? 0),
      ...(report.upstreamRequestId !== null && { 'cloudfreedom.upstream.request.id': report.upstreamRequestId }),
    },
    ...(failed && { error: outcome }),
  });
}

function modelOf({ kind, provider, model, deployment }: RequestReport) {
  return {
    'gen_ai.operation.name': OPERATIONS[kind ?? 'chat'],
    ...(provider !== null && { 'gen_ai.provider.name': providerName(provider) }),
    ...(model !== null && { 'gen_ai.request.model': model }),
    ...(deployment !== null && { 'cloudfreedom.deployment': deployment }),
  };
}
