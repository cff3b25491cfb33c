import type { UsageRow } from '@cloudfreedom/contracts';
import { BudgetBar, ErrorState, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskForMore } from '../budget/ask-for-more.tsx';
import { useBudget } from '../budget/budget.queries.ts';
import CalculationDialog from './calculation-dialog.tsx';
import { addDays, daysFrom, daysOfPeriod, startOfDay } from './days.ts';
import { ModelTable } from './model-table.tsx';
import { RowTable } from './row-table.tsx';
import { type Days, useOwnRows, useOwnTotals, useSaveCsv } from './usage.queries.ts';
import './usage.css';

const ChargeByDay = lazy(() => import('./charge-by-day.tsx'));

type Month = 'this' | 'last';

/** Days of a month in the budget's own zone, and the moments between which they lie. */
function useMonth(month: Month): { days: Days; moments: Days } | undefined {
  const period = useBudget().data?.period;
  if (!period) return undefined;
  const { first, end } = daysOfPeriod(period);
  const from = month === 'this' ? first : `${addDays(first, -1).slice(0, 7)}-01`;
  const to = month === 'this' ? end : first;
  return {
    days: { from, to },
    moments: { from: startOfDay(from, period.timeZone), to: startOfDay(to, period.timeZone) },
  };
}

/** What one has used: budget, days, models, each request with its calculation. */
export default function UsagePage() {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  const budget = useBudget();
  const [month, setMonth] = useState<Month>('this');
  const [open, setOpen] = useState<UsageRow | null>(null);
  const shown = useMonth(month);
  const totals = useOwnTotals(shown?.days);
  const rows = useOwnRows(shown?.moments);
  const csv = useSaveCsv(shown?.moments);
  useEffect(() => {
    document.title = t('title.conversation', { title: t('usage.title') });
  }, [t]);
  return (
    <div className="chat-page">
      <Stack gap="xl" className="chat-page-column">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={1}>{t('usage.title')}</Title>
            <Text c="dimmed">{t('usage.text')}</Text>
          </div>
          <Group gap="xs" align="flex-end">
            <NativeSelect
              label={t('usage.month')}
              data={[
                { value: 'this', label: t('usage.thisMonth') },
                { value: 'last', label: t('usage.lastMonth') },
              ]}
              value={month}
              onChange={(event) => setMonth(event.currentTarget.value === 'last' ? 'last' : 'this')}
            />
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={csv.isPending}
              onClick={() => csv.mutate()}
            >
              {t('usage.csv')}
            </Button>
          </Group>
        </Group>
        {csv.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('usage.notSaved', { why: failureWords(csv.error) })}
          </Alert>
        )}
        {budget.data && (
          <Stack gap="xs">
            <BudgetBar figures={budget.data} label={t('budget.label')} size="full" />
            <div>
              <AskForMore />
            </div>
          </Stack>
        )}
        {totals.isError ? (
          <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />
        ) : totals.data && shown ? (
          <>
            <Suspense fallback={<Skeleton height={360} />}>
              <ChargeByDay days={daysFrom(shown.days.from, shown.days.to)} totals={totals.data} />
            </Suspense>
            <ModelTable totals={totals.data} />
          </>
        ) : (
          <Skeleton height={360} />
        )}
        <RowTable rows={rows} onOpen={setOpen} />
      </Stack>
      {open && <CalculationDialog of={[{ reservationId: open.reservationId }]} onClose={() => setOpen(null)} />}
    </div>
  );
}
