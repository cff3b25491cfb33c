import { formatEur, type TenantBudgets } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { Chart, sizeOfEur, useTicks } from '@cloudfreedom/ui/charts';
import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { courseOf } from './course.ts';
import { addDays } from './days.ts';
import { type DailyCharges, daysBehind, forecastMonth } from './month.ts';
import { type Month, useUsageAddress } from './use-month.ts';

/** Where the month is going: spent so far, the month before, the forecast, and the budget as the line not to be crossed. */
export default function MonthCourse(props: { month: Month; charges: DailyCharges; budgets: TenantBudgets }) {
  const { month, charges } = props;
  const { t } = useTranslation('app');
  const format = useFormat();
  const ticks = useTicks();
  const navigate = useNavigate();
  const addressOf = useUsageAddress(month);
  const { limit } = props.budgets.tenant;
  const forecast = forecastMonth(charges, month);
  const rowsOf = (day: string) => addressOf({ from: month.first, to: addDays(day, 1) });
  const points = courseOf(charges, month, month.monthBefore.from, {
    money: format.money,
    tick: (day) => `${Number(day.slice(8))}`,
    day: format.day,
  });
  const highest = Math.max(...points.flatMap(({ values }) => Object.values(values).map((value) => value?.size ?? 0)));
  // A budget far above everything would press all lines to the ground.
  const isNear = limit !== null && sizeOfEur(limit) <= highest * 3;
  return (
    <Chart
      kind="lines"
      title={t('overview.course')}
      unit={t('overview.euro')}
      {...(forecast && {
        total: (
          <Anchor component={Link} to={addressOf(daysBehind(forecast, month))} inherit c="inherit">
            {format.money(formatEur(forecast.charge))}
          </Anchor>
        ),
        comparison: t('overview.courseForecast', { day: format.day(addDays(month.end, -1)) }),
      })}
      series={[
        {
          id: 'spent',
          label: format.month({ start: `${month.first}T12:00:00Z`, timeZone: 'UTC' }),
          colour: 'var(--cf-spent)',
        },
        {
          id: 'before',
          label: format.month({ start: `${month.monthBefore.from}T12:00:00Z`, timeZone: 'UTC' }),
          colour: 'var(--mantine-color-dimmed)',
        },
        { id: 'forecast', label: t('overview.forecast'), colour: 'var(--cf-spent)' },
      ]}
      points={points}
      pointHeading={t('overview.untilDay')}
      tick={ticks.euro}
      {...(limit !== null &&
        isNear && {
          limit: { size: sizeOfEur(limit), label: t('overview.budgetLine', { limit: format.money(limit) }) },
        })}
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
