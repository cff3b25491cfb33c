/** Outcomes, kinds of errors, meters and filters in words. */
import type { FailureRow, LACKING, Meter, Outcome } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import type { FilterName, PeriodName } from './usage-filter.ts';

export function useOutcomeWords(): Record<Outcome, string> {
  const { t } = useTranslation('app');
  return {
    completed: t('outcome.completed'),
    cached: t('outcome.cached'),
    client_closed: t('outcome.clientClosed'),
    upstream_error: t('outcome.upstreamError'),
    budget_stopped: t('outcome.budgetStopped'),
    expired: t('outcome.expired'),
    corrected: t('outcome.corrected'),
  };
}

export function useMeterWords(): Record<Meter, string> {
  const { t } = useTranslation('app');
  return {
    uncached_input: t('meter.input'),
    cache_read: t('meter.cacheRead'),
    cache_write: t('meter.cacheWrite'),
    cache_write_1h: t('meter.cacheWriteHour'),
    input_audio: t('meter.inputAudio'),
    output_text: t('meter.output'),
    reasoning: t('meter.reasoning'),
    output_audio: t('meter.outputAudio'),
    output_image: t('meter.outputImage'),
    server_tool_call: t('usage.toolCalls'),
  };
}

export function useFilterWords(): Record<Exclude<FilterName, 'from' | 'to'>, string> {
  const { t } = useTranslation('app');
  return {
    subjectId: t('usage.person'),
    apiKeyId: t('usage.key'),
    productId: t('usage.product'),
    costCentre: t('usage.costCentre'),
    model: t('usage.model'),
    provider: t('usage.provider'),
    deployment: t('usage.deployment'),
    region: t('usage.region'),
    outcome: t('usage.outcome'),
    code: t('usage.reason'),
    errorKind: t('usage.errorKind'),
    basis: t('usage.basis'),
    requestId: t('usage.requestId'),
    without: t('usage.without'),
  };
}

/** What a request may lack. */
export function useLackingWords(): Record<(typeof LACKING)[number], string> {
  const { t } = useTranslation('app');
  return {
    apiKey: t('overview.noKey'),
    product: t('overview.noProduct'),
    costCentre: t('overview.noCostCentre'),
  };
}

export function usePeriodWords(): Record<PeriodName, string> {
  const { t } = useTranslation('app');
  return {
    all: t('period.all'),
    hour: t('period.hour'),
    today: t('period.today'),
    yesterday: t('period.yesterday'),
    week: t('period.week'),
    month: t('period.month'),
    lastMonth: t('period.lastMonth'),
  };
}

/** Codes of refusals that have words of their own; of any other the code itself is shown. */
export function useReasonWords(): (code: string) => string {
  const { t } = useTranslation('app');
  const words: Record<string, string> = {
    insufficient_quota: t('reason.insufficientQuota'),
    budget_held: t('reason.budgetHeld'),
    rate_limit_exceeded: t('reason.rateLimit'),
    subject_suspended: t('reason.subjectSuspended'),
    tenant_suspended: t('reason.tenantSuspended'),
    tenant_expired: t('reason.tenantExpired'),
    invalid_api_key: t('reason.invalidKey'),
    model_not_found: t('reason.modelNotFound'),
    model_not_priced: t('reason.modelNotPriced'),
    context_length_exceeded: t('reason.contextLength'),
    content_filtered: t('reason.contentFiltered'),
    invalid_request: t('reason.invalidRequest'),
    unsupported_parameter: t('reason.unsupported'),
    upstream_error: t('reason.upstreamError'),
    upstream_unreachable: t('reason.unreachable'),
    upstream_rate_limited: t('reason.upstreamLimited'),
    upstream_overloaded: t('reason.overloaded'),
    upstream_timeout: t('reason.timeout'),
    billing_unavailable: t('reason.billing'),
    settlement_unavailable: t('reason.settlement'),
  };
  return (code) => words[code] ?? code;
}

/** What the provider's failure was, the proxy's word; of any other the word itself. */
export function useErrorKindWords(): (kind: string) => string {
  const { t } = useTranslation('app');
  const words: Record<string, string> = {
    rate_limited: t('errorKind.rateLimited'),
    overloaded: t('errorKind.overloaded'),
    server_error: t('errorKind.serverError'),
    timeout: t('errorKind.timeout'),
    malformed_answer: t('errorKind.malformed'),
    unreachable: t('errorKind.unreachable'),
    cut: t('errorKind.cut'),
    open: t('errorKind.open'),
    authentication: t('errorKind.authentication'),
    permission: t('errorKind.permission'),
    quota: t('errorKind.quota'),
    model_not_found: t('errorKind.modelNotFound'),
    context_too_long: t('errorKind.contextTooLong'),
    content_filtered: t('errorKind.contentFiltered'),
    invalid_request: t('errorKind.invalidRequest'),
    unsupported: t('errorKind.unsupported'),
  };
  return (kind) => words[kind] ?? kind;
}

/** The figures of what stood in the way, as a sentence; null: there are none. */
export function useBlockWords(): (failure: Pick<FailureRow, 'budget' | 'limit'>) => string | null {
  const { t } = useTranslation('app');
  const format = useFormat();
  return ({ budget, limit }) => {
    if (limit?.kind === 'parallel_requests') return t('block.parallel', { count: limit.limit });
    if (limit?.kind === 'tokens_per_minute') return t('block.tokens', { count: limit.limit });
    if (limit) return t('block.perMinute', { count: limit.limit });
    if (!budget) return null;
    const whose = { tenant: t('block.tenant'), user: t('block.person'), api_key: t('block.key') }[budget.level];
    return t('block.budget', {
      whose,
      limit: budget.limit === null ? '∞' : format.money(budget.limit),
      spent: format.money(budget.spent),
      held: format.money(budget.held),
      needed: format.money(budget.needed),
    });
  };
}
