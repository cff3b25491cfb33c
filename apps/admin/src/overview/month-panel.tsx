import { formatEur, parseEur, type TenantBudgets } from '@cloudfreedom/contracts';
import { BudgetBar, Money, useFormat } from '@cloudfreedom/ui';
import { Anchor, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { addDays, daysFrom } from './days.ts';
import { Holders } from './holders.tsx';
import { compareMonths, type DailyCharges, daysBehind, forecastMonth } from './month.ts';
import { type Month, useUsageAddress } from './use-month.ts';

/** How much of the month's budget is gone, where it leads, and how the month before was. */
export function MonthPanel(props: { budgets: TenantBudgets; month: Month; charges: DailyCharges | null }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { tenant, period } = props.budgets;
  const rows = useUsageAddress(props.month)(props.month.thisMonth);
  const toRows = (amount: ReactNode) => (
    <Anchor component={Link} to={rows} inherit c="inherit">
      {amount}
    </Anchor>
  );
  return (
    <section className="portal-panel overview-month">
      <div>
        <Text c="dimmed">{t('overview.spent', { month: format.month(period) })}</Text>
        <Group gap={10} align="baseline" mb="lg">
          <span className="portal-hero">{toRows(<Money amount={tenant.spent} />)}</span>
          {tenant.limit !== null && (
            <Text c="dimmed" size="lg">
              {t('overview.ofLimit', { limit: format.money(tenant.limit) })}
            </Text>
          )}
        </Group>
        {tenant.limit === null ? (
          <Text>{t('overview.noLimit')}</Text>
        ) : (
          <BudgetBar
            figures={tenant}
            label={t('overview.tenantBudget')}
            size="full"
            linkOf={(part, amount) => {
              if (part === 'spent') return toRows(amount);
              return part === 'held' ? <Holders budgets={props.budgets}>{amount}</Holders> : amount;
            }}
          />
        )}
        <Text size="sm" c="dimmed" mt="md">
          {t('overview.period', { end: format.periodEnd(period) })}
        </Text>
      </div>
      {props.charges && <Outlook {...props} charges={props.charges} />}
    </section>
  );
}

function Outlook({ budgets, month, charges }: { budgets: TenantBudgets; month: Month; charges: DailyCharges }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const addressOf = useUsageAddress(month);
  const forecast = forecastMonth(charges, month);
  const before = daysFrom(month.monthBefore.from, month.first).reduce((sum, day) => sum + (charges.get(day) ?? 0n), 0n);
  const nameOfBefore = format.month({ start: `${month.monthBefore.from}T12:00:00Z`, timeZone: 'UTC' });
  return (
    <dl className="overview-outlook">
      <Fact term={t('overview.forecast')} note={<ForecastNote budgets={budgets} forecast={forecast} />}>
        {forecast ? (
          <Anchor component={Link} to={addressOf(daysBehind(forecast, month))} inherit>
            <Money amount={formatEur(forecast.charge)} />
          </Anchor>
        ) : (
          '–'
        )}
      </Fact>
      <Fact term={nameOfBefore} note={<ComparisonWords month={month} charges={charges} />}>
        <Anchor component={Link} to={addressOf(month.monthBefore)} inherit>
          <Money amount={formatEur(before)} />
        </Anchor>
      </Fact>
    </dl>
  );
}

function Fact({ term, note, children }: { term: string; note: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className="overview-fact">{children}</dd>
      <dd className="overview-note">{note}</dd>
    </div>
  );
}

function ForecastNote(props: { budgets: TenantBudgets; forecast: ReturnType<typeof forecastMonth> }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { forecast } = props;
  const { limit } = props.budgets.tenant;
  if (!forecast) return t('overview.forecastNone');
  const how = t('overview.forecastHow', { count: forecast.basedOnDays });
  const over = limit === null ? 0n : forecast.charge - parseEur(limit);
  return (
    <>
      {how}
      {over > 0n && (
        <b className="overview-over"> {t('overview.forecastOver', { amount: format.money(formatEur(over)) })}</b>
      )}
    </>
  );
}

/** How the days that are over compare with as many of the month before. */
export function ComparisonWords({ month, charges }: { month: Month; charges: DailyCharges }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const addressOf = useUsageAddress(month);
  const { percent, days, before } = compareMonths(charges, month);
  const name = format.month({ start: `${month.monthBefore.from}T12:00:00Z`, timeZone: 'UTC' });
  if (days === 0) return t('overview.compareBegun');
  if (percent === null) return t('overview.compareNothing', { month: name });
  const words = { percent: format.percent(Math.abs(percent)), month: name, amount: format.money(formatEur(before)) };
  const { from } = month.monthBefore;
  const said = percent > 0 ? t('overview.compareMore', words) : t('overview.compareLess', words);
  return (
    <Anchor component={Link} to={addressOf({ from, to: addDays(from, days) })} inherit c="inherit">
      {Math.abs(percent) < 0.5 ? t('overview.compareSame', words) : said}
    </Anchor>
  );
}
