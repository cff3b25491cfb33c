import { formatEur, parseEur, type UsageTotal } from '@cloudfreedom/contracts';
import { colourOfModel, useFormat } from '@cloudfreedom/ui';
import { Chart, type ChartPoint, type ChartValue, sizeOfEur, useTicks } from '@cloudfreedom/ui/charts';
import { useTranslation } from 'react-i18next';
import { useUsedName } from './used-model.tsx';

const NAMED_MODELS = 6;
const OTHERS = 'others';

/** What each day cost, stacked by model: the dearest by name, the rest as one. */
export default function ChargeByDay({ days, totals }: { days: string[]; totals: UsageTotal[] }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const ticks = useTicks();
  const nameOf = useUsedName();
  const named = dearestModels(totals);
  const placeOf = (model = '') => (named.includes(model) ? model : OTHERS);
  const date = new Intl.DateTimeFormat(format.language, { dateStyle: 'long', timeZone: 'UTC' });
  const points = days.map((day): ChartPoint => {
    const sums = sumBy(
      totals.filter((total) => total.day === day),
      (total) => placeOf(total.model),
    );
    const values: Record<string, ChartValue> = {};
    for (const [model, sum] of sums)
      values[model] = { size: sizeOfEur(formatEur(sum)), text: format.money(formatEur(sum)) };
    const total = format.money(formatEur([...sums.values()].reduce((all, sum) => all + sum, 0n)));
    return { id: day, tick: `${Number(day.slice(8))}`, label: date.format(new Date(day)), values, total };
  });
  const all = totals.reduce((sum, { charge }) => sum + parseEur(charge), 0n);
  return (
    <Chart
      kind="bars"
      title={t('usage.byDay')}
      unit={t('usage.euro')}
      total={format.money(formatEur(all))}
      series={[
        ...named.map((model) => ({ id: model, label: nameOf(model), colour: colourOfModel(model) })),
        { id: OTHERS, label: t('usage.others'), colour: 'var(--mantine-color-dimmed)' },
      ]}
      points={points}
      pointHeading={t('usage.day')}
      tick={ticks.euro}
      empty={t('usage.empty')}
    />
  );
}

function sumBy(totals: UsageTotal[], keyOf: (total: UsageTotal) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const total of totals) sums.set(keyOf(total), (sums.get(keyOf(total)) ?? 0n) + parseEur(total.charge));
  return sums;
}

function dearestModels(totals: UsageTotal[]): string[] {
  const sums = [...sumBy(totals, ({ model = '' }) => model)];
  return sums
    .sort(([, a], [, b]) => (b > a ? 1 : b < a ? -1 : 0))
    .slice(0, NAMED_MODELS)
    .map(([model]) => model);
}
