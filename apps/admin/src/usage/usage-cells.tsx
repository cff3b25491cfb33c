import type { Outcome, UsageRow } from '@cloudfreedom/contracts';
import { ProviderDot, providerOf, useFormat } from '@cloudfreedom/ui';
import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHistory, IconPlayerStop, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useModelNames } from './model-names.queries.ts';
import { tokensOf } from './tokens.ts';

/** Model with its provider's colour; the id on hover. */
export function ModelCell({ row }: { row: UsageRow }) {
  const names = useModelNames();
  return <NamedModel row={row} name={names.data?.get(row.model) ?? row.model} />;
}

/** The same where the list knows the names. */
export function NamedModel({ row, name }: { row: UsageRow; name: string }) {
  const { t } = useTranslation('app');
  const provider = providerOf(row.provider);
  return (
    <Group gap={8} wrap="nowrap">
      {provider && <ProviderDot provider={provider} />}
      <Group gap={8} wrap="nowrap" align="baseline" miw={0}>
        <Text span inherit truncate title={row.model}>
          {name}
        </Text>
        {row.simulated && (
          <Text span size="xs" c="dimmed">
            {t('usage.simulated')}
          </Text>
        )}
      </Group>
    </Group>
  );
}

export function TokensCell({ row }: { row: UsageRow }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { input, output } = tokensOf(row.usage.meters);
  const text = (count: number | null) => (count === null ? t('usage.unknown') : format.number(count));
  return (
    <span className="cf-number" title={t('usage.tokensHint', { input: text(input), output: text(output) })}>
      {text(input)} → {text(output)}
      {row.usage.basis === 'estimated' && (
        <Text span size="xs" c="dimmed" ml={6}>
          {t('usage.estimated')}
        </Text>
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
  const { t } = useTranslation('app');
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
