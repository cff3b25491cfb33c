import type { UsageRow } from '@cloudfreedom/contracts';
import { ErrorState, Moment, Money, useFormat, useTaskWords } from '@cloudfreedom/ui';
import { Button, Skeleton, Title, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { useOwnRows } from './usage.queries.ts';
import { UsedModel } from './used-model.tsx';

/** Each request; its charge opens the calculation. */
export function RowTable(props: { rows: ReturnType<typeof useOwnRows>; onOpen: (row: UsageRow) => void }) {
  const { t } = useTranslation('app');
  const { rows, onOpen } = props;
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.isPending) return <Skeleton height={240} />;
  if (rows.isError && items.length === 0) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  if (items.length === 0) return null;
  return (
    <div>
      <Title order={2} size="h3" id="usage-rows" mb="xs">
        {t('usage.history')}
      </Title>
      {/** biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="usage-sideways" aria-labelledby="usage-rows" tabIndex={0}>
        <table className="usage-table">
          <thead>
            <tr>
              <th scope="col">{t('usage.at')}</th>
              <th scope="col">{t('usage.model')}</th>
              <th scope="col" className="usage-wide">
                {t('usage.from')}
              </th>
              <th scope="col">{t('usage.charge')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <Row key={row.reservationId} row={row} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      </section>
      {rows.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          mt="xs"
          loading={rows.isFetchingNextPage}
          onClick={() => void rows.fetchNextPage()}
        >
          {t('usage.more')}
        </Button>
      )}
    </div>
  );
}

function Row({ row, onOpen }: { row: UsageRow; onOpen: (row: UsageRow) => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const taskWords = useTaskWords();
  return (
    <tr>
      <td>
        <Moment at={row.at} />
      </td>
      <th scope="row">
        <UsedModel id={row.model}>{row.simulated && ` (${t('usage.simulated')})`}</UsedModel>
      </th>
      <td className="usage-wide">
        {row.apiKeyId === null ? t('usage.viaChat') : t('usage.viaKey')}
        {row.task && ` · ${taskWords(row.task)}`}
      </td>
      <td>
        <UnstyledButton
          className="usage-charge"
          aria-label={t('usage.openCharge', { amount: format.money(row.charge) })}
          onClick={() => onOpen(row)}
        >
          <Money amount={row.charge} />
        </UnstyledButton>
      </td>
    </tr>
  );
}
