import type { FailureRow } from '@cloudfreedom/contracts';
import { ErrorState, Moment, useFormat } from '@cloudfreedom/ui';
import { Anchor, Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { CopyId } from './copy-id.tsx';
import { useModelNames } from './model-names.queries.ts';
import { useFailures, useNames } from './usage.queries.ts';
import type { LogFilter } from './usage-filter.ts';
import { useBlockWords, useErrorKindWords, useReasonWords } from './words.ts';

const IDS_SHOWN = 3;

/** Failed requests, newest first: who, why, and the figures of then. */
export function FailureList({ filter }: { filter: LogFilter }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const failures = useFailures(tenant.id, filter);
  const pages = failures.data?.pages ?? [];
  const people = useNames(
    'users',
    tenant.id,
    pages.map(({ items }) => items.map(({ subjectId }) => subjectId)),
  );
  const rows = pages.flatMap(({ items }) => items);
  const nameOf = ({ subjectId }: FailureRow) =>
    people.nameOf(subjectId) ?? (people.isPending ? '…' : t('people.unknown'));
  if (failures.isError && rows.length === 0)
    return <ErrorState error={failures.error} onRetry={() => void failures.refetch()} />;
  return (
    <section className="portal-panel" aria-busy={failures.isPending}>
      <Title order={2} size="h3" className="portal-panel-head">
        {t('errors.rows')}
      </Title>
      {failures.isPending && (
        <Stack gap="md" p="lg">
          <Skeleton height={48} />
          <Skeleton height={48} />
        </Stack>
      )}
      <ul className="portal-list">
        {rows.map((row) => (
          <Failure key={row.id} row={row} name={nameOf(row)} />
        ))}
      </ul>
      {failures.isSuccess && (
        <Group justify="center" className="portal-panel-foot">
          {failures.hasNextPage ? (
            <Button
              variant="default"
              loading={failures.isFetchingNextPage}
              onClick={() => void failures.fetchNextPage()}
            >
              {t('usage.more')}
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              {rows.length === 0 ? t('errors.noneOfRows') : t('errors.end')}
            </Text>
          )}
        </Group>
      )}
    </section>
  );
}

/** What failed in the same way several times in a row is said once. */
function attemptsOf({ attempts }: FailureRow, kindOf: (kind: string) => string): string[] {
  const said = attempts.map(({ deployment, kind }) => `${deployment} (${kindOf(kind)})`);
  return [...Map.groupBy(said, (text) => text)].map(([text, { length }]) =>
    length > 1 ? `${length} × ${text}` : text,
  );
}

/** Drawn once, however many more are loaded behind it. */
const Failure = memo(function Failure({ row, name }: { row: FailureRow; name: string }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const tenant = useTenantOnShow();
  const reasonOf = useReasonWords();
  const kindOf = useErrorKindWords();
  const blockOf = useBlockWords();
  const models = useModelNames();
  const block = blockOf(row);
  const held = row.budget?.openHolds.map(({ requestId }) => requestId) ?? [];
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="xs">
          <Text fw={550}>{reasonOf(row.code)}</Text>
          {row.requests > 1 && (
            <Badge variant="light" color="gray">
              × {format.number(row.requests)}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="portal-nowrap">
          <Moment at={row.lastAt} />
        </Text>
      </Group>
      <Text size="sm">
        <Anchor component={Link} to={`/tenants/${tenant.id}/people/${row.subjectId}`} inherit underline="always">
          {name}
        </Anchor>
        {[row.model && (models.data?.get(row.model) ?? row.model), row.deployment !== row.model && row.deployment]
          .filter(Boolean)
          .map((part) => ` · ${part}`)}
      </Text>
      {block !== null && <Text size="sm">{block}</Text>}
      {held.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('errors.heldBy', { requests: format.list(held) })}
        </Text>
      )}
      {row.attempts.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('errors.tried', {
            attempts: format.list(attemptsOf(row, kindOf)),
          })}
        </Text>
      )}
      <Group gap="xs" mt={4}>
        {row.requestIds.slice(0, IDS_SHOWN).map((id) => (
          <CopyId key={id} id={id} />
        ))}
        {row.requests > IDS_SHOWN && (
          <Text size="xs" c="dimmed">
            {t('errors.others', { count: row.requests - IDS_SHOWN })}
          </Text>
        )}
      </Group>
    </li>
  );
});
