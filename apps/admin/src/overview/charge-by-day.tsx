import { ErrorState, useFormat } from '@cloudfreedom/ui';
import { Chart, useTicks } from '@cloudfreedom/ui/charts';
import { Anchor, Button, Group, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type Breakdown, colourOf, idOf, useBreakdownNames } from './breakdown-names.ts';
import { addDays, daysFrom } from './days.ts';
import type { DailyCharges } from './month.ts';
import { ComparisonWords } from './month-panel.tsx';
import { useUsageTotals } from './overview.queries.ts';
import { stackCharges } from './stacks.ts';
import { type Month, useUsageAddress } from './use-month.ts';

type Stacked = 'model' | 'provider' | 'product';
const STACKED: readonly Stacked[] = ['model', 'provider', 'product'];
/** Plans have no colour of their own: by their order. */
const PLAIN_COLOURS = [
  'var(--cf-spent)',
  'var(--cf-other-3)',
  'var(--cf-other-2)',
  'var(--cf-other-0)',
  'var(--cf-other-1)',
];

/** What each day of the month cost, and what it consists of. A day opens its requests. */
export default function ChargeByDay({ month, charges }: { month: Month; charges: DailyCharges }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const format = useFormat();
  const ticks = useTicks();
  const navigate = useNavigate();
  const addressOf = useUsageAddress(month);
  const [by, setBy] = useState<Stacked>('model');
  const totals = useUsageTotals(tenant.id, { by: ['day', by], ...month.thisMonth });
  const items = totals.isPlaceholderData ? undefined : totals.data;
  const ids = [...new Set((items ?? []).map((total) => idOf(total, by)))];
  const nameOf = useBreakdownNames(by, ids);
  if (totals.isError && !items) return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />;
  if (!items || !nameOf) return <Skeleton height={400} radius="lg" />;
  const rowsOf = (day: string) => addressOf({ from: day, to: addDays(day, 1) });
  const { series, points, total } = stackCharges(items, daysFrom(month.first, month.end), (item) => idOf(item, by), {
    label: nameOf,
    colour: (id) => colourOf(by, id) ?? PLAIN_COLOURS[ids.indexOf(id) % PLAIN_COLOURS.length] ?? '',
    rest: t('overview.others'),
    money: format.money,
    tick: (day) => `${Number(day.slice(8))}`,
    day: format.day,
  });
  return (
    <Chart
      kind="bars"
      title={t('overview.byDay')}
      unit={t('overview.euro')}
      total={
        <Anchor component={Link} to={addressOf(month.thisMonth)} inherit c="inherit">
          {format.money(total)}
        </Anchor>
      }
      comparison={<ComparisonWords month={month} charges={charges} />}
      series={series}
      points={points}
      pointHeading={t('overview.day')}
      tick={ticks.euro}
      empty={t('overview.latestEmpty')}
      onOpen={(day) => navigate(rowsOf(day))}
      pointCell={({ id, label }) => (
        <Anchor component={Link} to={rowsOf(id)} inherit>
          {label}
        </Anchor>
      )}
    >
      <StackChoice by={by} onChange={setBy} />
    </Chart>
  );
}

function StackChoice({ by, onChange }: { by: Stacked; onChange: (by: Stacked) => void }) {
  const { t } = useTranslation('app');
  const words: Record<Stacked & Breakdown, string> = {
    model: t('overview.by.model'),
    provider: t('overview.by.provider'),
    product: t('overview.by.product'),
  };
  return (
    <Group component="fieldset" gap={4} aria-label={t('overview.stackedBy')} className="overview-choice">
      {STACKED.map((choice) => (
        <Button
          key={choice}
          size="compact-sm"
          variant={choice === by ? 'light' : 'subtle'}
          aria-pressed={choice === by}
          onClick={() => onChange(choice)}
        >
          {words[choice]}
        </Button>
      ))}
    </Group>
  );
}
