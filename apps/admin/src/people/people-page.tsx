import { type BudgetFigures, EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { InvitationList } from '../invitations/invitation-list.tsx';
import { InviteDialog } from '../invitations/invite-dialog.tsx';
import { Paging } from '../records/paging.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { ImportPeople } from './import/import-people.tsx';
import { useBudgetsOf, usePeople, usePeopleCount } from './people.queries.ts';
import { PeopleBulk } from './people-bulk.tsx';
import { PeopleCards } from './people-cards.tsx';
import { PeopleFilters, type TableTaste, TableTasteMenu } from './people-filters.tsx';
import { PeopleTable } from './people-table.tsx';
import { readPeopleView, type SortColumn, type TenantPerson } from './person.ts';
import { PersonDrawer } from './person-drawer.tsx';

const NO_FIGURES = new Map<string, BudgetFigures>();
const USUAL_TASTE: TableTaste = { hidden: ['costCentre'], dense: false };
const NO_FILTERS = { q: null, status: null, role: null, product: null, kind: null, page: null };

export function PeoplePage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [params, setParams] = useSearchParams();
  const view = readPeopleView(params);
  const people = usePeople(tenant.id, view);
  const count = usePeopleCount(tenant.id, view).data;
  const inviting = params.get('do') === 'invite';
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const [taste, setTaste] = useLocalStorage({ key: 'cf-people-table', defaultValue: USUAL_TASTE });
  const shown = people.data?.people;
  const figures = useBudgetsOf(tenant.id, shown?.map(({ id }) => id) ?? []).data ?? NO_FIGURES;
  const selection = useSelection(shown);

  const change = (changes: Record<string, string | null>) =>
    setParams(
      (previous) => {
        // Another order or other people: the page begins behind nobody.
        const begun = 'page' in changes ? { after: null, before: null, ...changes } : changes;
        for (const [name, value] of Object.entries(begun)) {
          if (value === null || value === '') previous.delete(name);
          else previous.set(name, value);
        }
        return previous;
      },
      { replace: !('person' in changes) },
    );
  const sort = (column: SortColumn) =>
    change({ sort: view.sort === column && !view.descending ? `-${column}` : column, page: null });
  const list = { people: shown, figures, onOpen: (personId: string) => change({ person: personId }) };
  const isNarrowed = [view.search, view.status, view.role, view.product, view.kind].some((value) => value !== '');

  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.people')}</PageTitle>
        <Group gap="sm">
          {!narrow && <TableTasteMenu taste={taste} onChange={setTaste} />}
          <ImportPeople />
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => change({ do: 'invite' })}>
            {t('invitations.invite')}
          </Button>
        </Group>
      </Group>
      <PeopleFilters view={view} onChange={change} />
      {people.isError && !people.data ? (
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      ) : shown?.length === 0 && view.page === 1 ? (
        <NoPeople search={view.search} isNarrowed={isNarrowed} onClear={() => change(NO_FILTERS)} />
      ) : (
        <div className="portal-panel" aria-busy={people.isPending || people.isPlaceholderData}>
          {selection.people.length > 0 && (
            <PeopleBulk people={selection.people} figures={figures} onClear={() => selection.set([])} />
          )}
          {narrow ? (
            <PeopleCards {...list} />
          ) : (
            <PeopleTable {...list} view={view} taste={taste} selection={selection} onSort={sort} />
          )}
          {people.data && (
            <Paging
              page={view.page}
              pages={count?.pages}
              mayHaveMore={people.data.mayHaveMore}
              isLoading={people.isPlaceholderData}
              said={count ? t('people.count', { count: count.total }) : ' '}
              onPage={(page) => change(pageChange(view.page, page, people.data.people))}
            />
          )}
        </div>
      )}
      <InvitationList />
      <InviteDialog opened={inviting} onClose={() => change({ do: null })} />
      <PersonDrawer personId={params.get('person')} onClose={() => change({ person: null })} />
    </Stack>
  );
}

/** Who is ticked; somebody who is no longer on the page is not. */
function useSelection(shown: TenantPerson[] | undefined) {
  const [chosenIds, setChosenIds] = useState<string[]>([]);
  const people = (shown ?? []).filter(({ id }) => chosenIds.includes(id));
  return { people, chosen: new Set(people.map(({ id }) => id)), set: setChosenIds };
}

function NoPeople(props: { search: string; isNarrowed: boolean; onClear: () => void }) {
  const { t } = useTranslation('app');
  const icon = <IconUsers size={28} stroke={1.5} />;
  if (!props.isNarrowed) return <EmptyState icon={icon} title={t('people.empty')} text={t('people.emptyText')} />;
  const title = props.search === '' ? t('people.noneLikeThis') : t('people.noMatch', { search: props.search });
  return (
    <EmptyState icon={icon} title={title} text={t('people.noMatchText')}>
      <Button variant="default" onClick={props.onClear}>
        {t('people.clearFilters')}
      </Button>
    </EmptyState>
  );
}

/** What of the address changes from one page to the next or the one before. */
function pageChange(from: number, to: number, shown: readonly TenantPerson[]): Record<string, string | null> {
  if (to <= 1) return { page: null };
  return to > from
    ? { page: String(to), after: shown.at(-1)?.id ?? null }
    : { page: String(to), before: shown[0]?.id ?? null };
}
