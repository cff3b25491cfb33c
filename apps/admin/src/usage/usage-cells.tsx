import type { Outcome, UsageRow } from '@cloudfreedom/contracts';
import { ProviderDot, providerOf, useFormat, useTexts } from '@cloudfreedom/ui';
import { IconAlertTriangle, IconCircleCheck, IconHistory, IconPlayerStop, type TablerIcon } from '@tabler/icons-react';
import { useModelNames } from './model-names.queries.ts';
import { tokensOf } from './tokens.ts';

/** Model with its provider's colour; the id on hover. */
export function ModelCell({ row }: { row: UsageRow }) {
  const names = useModelNames();
  return <NamedModel row={row} name={names.data?.get(row.model) ?? row.model} />;
}

/** The same where the names are known to the list. */
export function NamedModel({ row, name }: { row: UsageRow; name: string }) {
  const { t } = useTexts('app');
  const provider = providerOf(row.provider);
  return (
    <div className="cf-beside">
      {provider && <ProviderDot provider={provider} />}
      <span className="cf-short" title={row.model}>
        {name}
      </span>
      {row.simulated && (
        <span className="cf-note" data-size="xs">
          {t('usage.simulated')}
        </span>
      )}
    </div>
  );
}

export function TokensCell({ row }: { row: UsageRow }) {
  const { t } = useTexts('app');
  const format = useFormat();
  const { input, output } = tokensOf(row.usage.meters);
  const text = (count: number | null) => (count === null ? t('usage.unknown') : format.number(count));
  return (
    <span className="cf-number" title={t('usage.tokensHint', { input: text(input), output: text(output) })}>
      {text(input)} → {text(output)}
      {row.usage.basis === 'estimated' && (
        <span className="cf-note usage-estimated" data-size="xs">
          {t('usage.estimated')}
        </span>
      )}
    </span>
  );
}

const OUTCOME_ICONS: Record<Outcome, TablerIcon> = {
  completed: IconCircleCheck,
  cached: IconHistory,
  client_closed: IconPlayerStop,
  upstream_error: IconAlertTriangle,
  budget_stopped: IconPlayerStop,
  expired: IconAlertTriangle,
  corrected: IconCircleCheck,
};

export function OutcomeCell({ outcome }: { outcome: Outcome }) {
  const { t } = useTexts('app');
  const words: Record<Outcome, () => string> = {
    completed: () => t('outcome.completed'),
    cached: () => t('outcome.cached'),
    client_closed: () => t('outcome.clientClosed'),
    upstream_error: () => t('outcome.upstreamError'),
    budget_stopped: () => t('outcome.budgetStopped'),
    expired: () => t('outcome.expired'),
    corrected: () => t('outcome.corrected'),
  };
  const Icon = OUTCOME_ICONS[outcome];
  return (
    <span className="portal-outcome" data-outcome={outcome}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {words[outcome]()}
    </span>
  );
}
