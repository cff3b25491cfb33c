import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.ts';
import { type BudgetFigures, budgetShares, freeAmount } from './budget-shares.ts';
import { Money } from './money.tsx';

type Part = 'spent' | 'held' | 'free';

export interface BudgetBarProps {
  figures: BudgetFigures;
  /** Whose budget it is; names the bar for screen readers. */
  label: string;
  /** `thin`: the bar alone; `full`: with the three figures and, where it matters, a word of warning. */
  size?: 'thin' | 'full';
  /** Makes a figure lead to the rows behind it. */
  linkOf?: (part: Part, amount: ReactNode) => ReactNode;
}

/** Spent, held and free as one bar. */
export function BudgetBar({ figures, label, size = 'thin', linkOf }: BudgetBarProps) {
  const summary = useBudgetSummary(figures);
  const shares = budgetShares(figures);
  return (
    <div className="cf-budget" data-size={size} data-state={shares.state}>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> can't show two parts */}
      <div
        className="cf-budget-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((shares.spentPermille + shares.heldPermille) / 10)}
        aria-valuetext={summary}
        title={summary}
      >
        <div className="cf-budget-spent" style={{ width: `${shares.spentPermille / 10}%` }} />
        <div className="cf-budget-held" style={{ width: `${shares.heldPermille / 10}%` }} />
      </div>
      {size === 'full' && <BudgetLegend figures={figures} linkOf={linkOf ?? ((_part, amount) => amount)} />}
    </div>
  );
}

/** The figures of a budget as one sentence. */
export function useBudgetSummary(figures: BudgetFigures): string {
  const { t } = useTranslation('ui');
  const format = useFormat();
  const free = freeAmount(figures);
  const parts = { spent: format.money(figures.spent), held: format.money(figures.held) };
  if (figures.limit === null || free === null) return t('budget.summaryNoLimit', parts);
  return t('budget.summary', { ...parts, free: format.money(free, 'down'), limit: format.money(figures.limit) });
}

function BudgetLegend({ figures, linkOf }: Required<Pick<BudgetBarProps, 'figures' | 'linkOf'>>) {
  const { t } = useTranslation('ui');
  const free = freeAmount(figures);
  return (
    <Group gap="md" mt={8} className="cf-budget-legend">
      <LegendItem kind="spent" label={t('budget.spent')}>
        {linkOf('spent', <Money amount={figures.spent} />)}
      </LegendItem>
      <LegendItem kind="held" label={t('budget.held')}>
        {linkOf('held', <Money amount={figures.held} />)}
      </LegendItem>
      {free === null ? (
        <Text size="sm" c="dimmed">
          {t('budget.noLimit')}
        </Text>
      ) : (
        <LegendItem kind="free" label={t('budget.free')}>
          {linkOf('free', <Money amount={free} rounding="down" />)}
        </LegendItem>
      )}
      <BudgetWarning figures={figures} />
    </Group>
  );
}

function LegendItem({ kind, label, children }: { kind: Part; label: string; children: ReactNode }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span className="cf-budget-key" data-kind={kind} aria-hidden />
      <Text size="sm" component="span">
        {children}{' '}
        <Text span c="dimmed" size="sm">
          {label}
        </Text>
      </Text>
    </Group>
  );
}

/** A word beside the colour where little or nothing is left. */
function BudgetWarning({ figures }: { figures: BudgetFigures }) {
  const { t } = useTranslation('ui');
  const { state } = budgetShares(figures);
  if (state !== 'low' && state !== 'used_up') return null;
  const Icon = state === 'low' ? IconAlertTriangle : IconCircleX;
  return (
    <Group gap={4} wrap="nowrap" className="cf-budget-warning" data-state={state}>
      <Icon size={16} aria-hidden />
      <Text size="sm" span inherit>
        {state === 'low' ? t('budget.low') : t('budget.usedUp')}
      </Text>
    </Group>
  );
}
