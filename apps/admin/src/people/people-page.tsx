import { type BudgetFigures, EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { InvitationList } from '../invitations/invitation-list.tsx';
import { InviteDialog } from '../invitations/invite-dialog.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { ImportPeople } from './import/import-people.tsx';
import { useBudgetsOf, usePeople } from './people.queries.ts';
import { PeopleCards } from './people-cards.tsx';
import { PeopleTable } from './people-table.tsx';
import { readPeopleView, type SortColumn } from './person.ts';
import { PersonDrawer } from './person-drawer.tsx';

const SEARCH_PAUSE_MS = 250;
const NO_FIGURES = new Map<string, BudgetFigures>();

export function PeoplePage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [params, setParams] = useSearchParams();
  const view = readPeopleView(params);
  const people = usePeople(tenant.id, view);
  const [inviting, { open: invite, close: endInvite }] = useDisclosure(false);
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const ids = (people.data?.people ?? []).map(({ id }) => id);
  const figures = useBudgetsOf(tenant.id, ids).data ?? NO_FIGURES;

  const change = (changes: Record<string, string | null>) =>
    setParams(
      (previous) => {
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') previous.delete(name);
          else previous.set(name, value);
        }
        return previous;
      },
      { replace: !('person' in changes) },
    );
  const sort = (column: SortColumn) =>
    change({ sort: view.sort === column && !view.descending ? `-${column}` : column, page: null });
  const open = (personId: string) => change({ person: personId });
  const list = { people: people.data?.people, figures, onOpen: open };

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <PageTitle>{t('nav.people')}</PageTitle>
        <Group gap="sm">
          <Search value={view.search} onSearch={(q) => change({ q, page: null })} />
          <ImportPeople />
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={invite}>
            {t('invitations.invite')}
          </Button>
        </Group>
      </Group>
      {people.isError ? (
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      ) : people.data?.total === 0 ? (
        <NoPeople search={view.search} onClear={() => change({ q: null })} />
      ) : (
        <div className="portal-panel" aria-busy={people.isPending || people.isPlaceholderData}>
          {narrow ? <PeopleCards {...list} /> : <PeopleTable {...list} view={view} onSort={sort} />}
          {people.data && (
            <Paging
              total={people.data.total}
              page={view.page}
              pages={people.data.pages}
              onPage={(page) => change({ page: String(page) })}
            />
          )}
        </div>
      )}
      <InvitationList />
      <InviteDialog opened={inviting} onClose={endInvite} />
      <PersonDrawer personId={params.get('person')} onClose={() => change({ person: null })} />
    </Stack>
  );
}

function Search({ value, onSearch }: { value: string; onSearch: (search: string) => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const [typed, setTyped] = useState(value);
  const [followed, setFollowed] = useState(value);
  const later = useDebouncedCallback(onSearch, SEARCH_PAUSE_MS);
  // The address changed by other means (back, "clear search"): follow it, but never while somebody types.
  if (value !== followed) {
    setFollowed(value);
    if (value === '' || typed === '') setTyped(value);
  }
  const change = (text: string) => {
    setTyped(text);
    later(text);
  };
  return (
    <TextInput
      type="search"
      className="portal-search"
      aria-label={t('people.search')}
      placeholder={t('people.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label={t('people.clearSearch')} onClick={() => change('')} />}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function NoPeople({ search, onClear }: { search: string; onClear: () => void }) {
  const { t } = useTranslation('app');
  const icon = <IconUsers size={28} stroke={1.5} />;
  if (search === '') return <EmptyState icon={icon} title={t('people.empty')} text={t('people.emptyText')} />;
  return (
    <EmptyState icon={icon} title={t('people.noMatch', { search })} text={t('people.noMatchText')}>
      <Button variant="default" onClick={onClear}>
        {t('people.clearSearch')}
      </Button>
    </EmptyState>
  );
}

function Paging(props: { total: number; page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation('app');
  const { page, pages } = props;
  return (
    <Group justify="space-between" className="portal-panel-foot">
      <Text size="sm" c="dimmed" role="status">
        {t('people.count', { count: props.total })}
      </Text>
      {pages > 1 && (
        <Group gap="xs" role="navigation" aria-label={t('people.pages')}>
          <Button variant="default" size="xs" disabled={page <= 1} onClick={() => props.onPage(page - 1)}>
            {t('people.previousPage')}
          </Button>
          <Text size="sm">{t('people.pageOf', { page, pages })}</Text>
          <Button variant="default" size="xs" disabled={page >= pages} onClick={() => props.onPage(page + 1)}>
            {t('people.nextPage')}
          </Button>
        </Group>
      )}
    </Group>
  );
}
