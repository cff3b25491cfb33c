import { type BudgetFigures, SkeletonRows } from '@cloudfreedom/ui';
import { Badge, Checkbox, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { useCallbackRef } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { COLUMNS, type Column, type TableTaste } from './people-filters.tsx';
import type { PeopleView, SortColumn, TenantPerson } from './person.ts';
import { PersonBudget } from './person-budget.tsx';
import { PersonStatus } from './person-status.tsx';
import { usePersonWords } from './words.ts';

export interface PeopleListProps {
  /** undefined: still loading. */
  people: TenantPerson[] | undefined;
  figures: Map<string, BudgetFigures>;
  onOpen: (personId: string) => void;
}

interface Selection {
  chosen: ReadonlySet<string>;
  set: (personIds: string[]) => void;
}

interface PeopleTableProps extends PeopleListProps {
  view: PeopleView;
  taste: TableTaste;
  selection: Selection;
  onSort: (column: SortColumn) => void;
}

const SKELETON_ROWS = 8;

export function PeopleTable(props: PeopleTableProps) {
  const { t } = useTranslation('app');
  const { people, selection, taste } = props;
  const { role } = usePersonWords();
  const columns = useMemo(() => COLUMNS.filter((column) => !taste.hidden.includes(column)), [taste.hidden]);
  const onOpen = useCallbackRef(props.onOpen);
  const onTick = useCallbackRef((personId: string, isChosen: boolean) => {
    const others = [...selection.chosen].filter((id) => id !== personId);
    selection.set(isChosen ? [...others, personId] : others);
  });
  const header = (column: SortColumn, title: string) => (
    <SortHeader key={column} column={column} title={title} view={props.view} onSort={props.onSort} />
  );
  const headers: Record<Column, ReactNode> = {
    role: header('role', t('people.role')),
    product: header('product', t('people.product')),
    status: header('status', t('people.status')),
    costCentre: <Table.Th key="costCentre">{t('person.costCentre')}</Table.Th>,
    budget: (
      <Table.Th key="budget" w="28%">
        {t('people.budget')}
      </Table.Th>
    ),
  };
  const all = people?.map(({ id }) => id) ?? [];
  const chosenHere = all.filter((id) => selection.chosen.has(id)).length;
  return (
    <Table
      className="portal-table"
      stickyHeader
      verticalSpacing={taste.dense ? 4 : 'sm'}
      horizontalSpacing="md"
      aria-label={t('nav.people')}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox
              size="xs"
              aria-label={t('people.selectPage')}
              checked={all.length > 0 && chosenHere === all.length}
              indeterminate={chosenHere > 0 && chosenHere < all.length}
              onChange={(event) => selection.set(event.currentTarget.checked ? all : [])}
            />
          </Table.Th>
          {header('name', t('people.name'))}
          {columns.map((column) => headers[column])}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people ? (
          people.map((person) => (
            <Row
              key={person.id}
              person={person}
              role={role[person.role]}
              figures={props.figures.get(person.id)}
              columns={columns}
              dense={taste.dense}
              isChosen={selection.chosen.has(person.id)}
              onTick={onTick}
              onOpen={onOpen}
            />
          ))
        ) : (
          <SkeletonRows rows={SKELETON_ROWS} columns={columns.length + 2} />
        )}
      </Table.Tbody>
    </Table>
  );
}

function SortHeader(props: {
  column: SortColumn;
  title: string;
  view: PeopleView;
  onSort: (column: SortColumn) => void;
}) {
  const { t } = useTranslation('app');
  const sorted = props.view.sort === props.column;
  const Arrow = props.view.descending ? IconArrowDown : IconArrowUp;
  const direction = props.view.descending ? 'descending' : 'ascending';
  return (
    <Table.Th aria-sort={sorted ? direction : 'none'}>
      <UnstyledButton
        className="portal-sort"
        title={t('people.sortBy', { column: props.title })}
        onClick={() => props.onSort(props.column)}
      >
        {props.title}
        {sorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </Table.Th>
  );
}

interface RowProps {
  person: TenantPerson;
  /** In words. */
  role: string;
  figures: BudgetFigures | undefined;
  columns: Column[];
  dense: boolean;
  isChosen: boolean;
  onTick: (personId: string, isChosen: boolean) => void;
  onOpen: (personId: string) => void;
}

/** Drawn again when something of it changed, not when a count arrives. */
const Row = memo(function Row({ person, role, figures, columns, dense, isChosen, onTick, onOpen }: RowProps) {
  const { t } = useTranslation('app');
  const cells: Record<Column, ReactNode> = {
    role,
    product: person.product?.name ?? (
      <Text span c="dimmed" inherit>
        {t('people.noProduct')}
      </Text>
    ),
    status: <PersonStatus status={person.status} />,
    costCentre: person.costCentre,
    budget: <PersonBudget figures={figures} name={person.name} />,
  };
  return (
    <Table.Tr className="portal-row" onClick={() => onOpen(person.id)}>
      <Table.Td onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="xs"
          aria-label={t('people.select', { name: person.name })}
          checked={isChosen}
          onChange={(event) => onTick(person.id, event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td>
        <PersonName person={person} onOpen={onOpen} dense={dense} />
      </Table.Td>
      {columns.map((column) => (
        <Table.Td key={column}>{cells[column]}</Table.Td>
      ))}
    </Table.Tr>
  );
});

interface PersonNameProps {
  person: TenantPerson;
  onOpen: (personId: string) => void;
  /** The address beside the name's hover, not below it. */
  dense?: boolean;
}

/** Name and e-mail; the name opens the person. */
export function PersonName({ person, onOpen, dense = false }: PersonNameProps) {
  const { t } = useTranslation('app');
  const email = person.email || t('people.emailHidden');
  return (
    <>
      <Group gap={8} wrap="nowrap">
        <UnstyledButton
          className="portal-link"
          aria-haspopup="dialog"
          {...(dense ? { title: email } : {})}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(person.id);
          }}
        >
          {person.name}
        </UnstyledButton>
        {person.kind === 'service_account' && (
          <Badge size="sm" variant="default" tt="none">
            {t('kind.serviceAccount')}
          </Badge>
        )}
      </Group>
      {!dense && (
        <Text size="sm" c="dimmed" truncate>
          {email}
        </Text>
      )}
    </>
  );
}
