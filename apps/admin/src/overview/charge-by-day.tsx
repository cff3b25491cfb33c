import type { Budget } from '@cloudfreedom/contracts';
import { colourOfModel, ErrorState, useFormat } from '@cloudfreedom/ui';
import { Chart, useTicks } from '@cloudfreedom/ui/charts';
import { Anchor, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useModelNames } from '../usage/model-names.queries.ts';
import { addDays, daysFrom, daysOfPeriod, startOfDay } from './days.ts';
import { useUsageTotals } from './overview.queries.ts';
import { stackCharges } from './stacks.ts';

/** What each day of the month cost, by model. A day opens its requests. */
export default function ChargeByDay({ period }: { period: Budget['period'] }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const format = useFormat();
  const ticks = useTicks();
  const navigate = useNavigate();
  const names = useModelNames();
  const { first, end } = daysOfPeriod(period);
  const totals = useUsageTotals(tenant.id, { by: ['day', 'model'], from: first, to: end });
  if (totals.isError && !totals.data) return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />;
  if (!totals.data) return <Skeleton height={340} radius="lg" />;
  const rowsOf = (day: string) =>
    `../usage?${new URLSearchParams({
      from: startOfDay(day, period.timeZone),
      to: startOfDay(addDays(day, 1), period.timeZone),
    })}`;
  const { series, points, total } = stackCharges(totals.data, daysFrom(first, end), ({ model = '' }) => model, {
    label: (model) => names.data?.get(model) ?? model,
    colour: colourOfModel,
    rest: t('overview.otherModels'),
    money: format.money,
    tick: (day) => `${Number(day.slice(8))}`,
    day: format.day,
  });
  return (
    <Chart
      kind="bars"
      title={t('overview.byDay')}
      unit={t('overview.euro')}
      total={format.money(total)}
      comparison={t('overview.inMonth', { month: format.month(period) })}
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
    />
  );
}
