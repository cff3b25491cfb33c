import { ErrorState, Moment } from '@cloudfreedom/ui';
import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePeopleNames } from '../people/people.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type RecordChange, useHistory } from './history.queries.ts';

const NOT_KEPT = '[not kept]';

interface HistoryProps {
  collection: string;
  id: string;
  /** Names of the fields as people call them; others are shown as they are stored. */
  labels: Readonly<Record<string, string>>;
  /** A value as people read it: the name of a product instead of its id, for example. */
  say: (field: string, value: string) => string;
}

/** Who changed which fields of a record, before and after. */
export function History({ collection, id, labels, say }: HistoryProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const history = useHistory(collection, id);
  const changes = history.data?.pages.flatMap((page) => page.changes);
  const names = usePeopleNames(
    tenant.id,
    (changes ?? []).map(({ actor }) => actor),
  );
  if (history.isError && !changes) {
    return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  }
  if (!changes) return <Skeleton height={96} aria-busy />;
  if (changes.length === 0) return <Text c="dimmed">{t('history.none')}</Text>;
  return (
    <Stack gap="sm">
      <ol className="portal-list portal-flush" aria-label={t('history.list')}>
        {changes.map((change) => (
          <li key={change.id}>
            <OneChange change={change} by={names.data?.get(change.actor)} labels={labels} say={say} />
          </li>
        ))}
      </ol>
      <Anchor component={Link} to={`/tenants/${tenant.id}/audit?record=${id}`} size="sm">
        {t('audit.all')}
      </Anchor>
      {history.hasNextPage && (
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={history.isFetchingNextPage}
            onClick={() => void history.fetchNextPage()}
          >
            {t('usage.more')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface OneChangeProps extends Pick<HistoryProps, 'labels' | 'say'> {
  change: RecordChange;
  by: string | undefined;
}

function OneChange({ change, by, labels, say }: OneChangeProps) {
  const { t } = useTranslation('app');
  const actions = { create: t('history.created'), update: t('history.changed'), delete: t('history.deleted') };
  const { before, after } = change;
  const fields = change.action === 'update' ? Object.keys({ ...before, ...after }) : [];
  const shown = (field: string, value: unknown) => {
    if (value === undefined || value === null || value === '') return t('record.empty');
    if (value === NOT_KEPT) return t('history.notKept');
    return say(field, typeof value === 'string' ? value : JSON.stringify(value));
  };
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {actions[change.action]}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {by ?? t('requests.platform')}, <Moment at={change.created} />
        </Text>
      </Group>
      {fields.map((field) => (
        <Text key={field} size="sm" className="portal-words" component="div">
          {labels[field] ?? field}: <del>{shown(field, before?.[field])}</del> →{' '}
          <ins>{shown(field, after?.[field])}</ins>
        </Text>
      ))}
    </>
  );
}
