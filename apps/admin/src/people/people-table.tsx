import { type BudgetFigures, SkeletonRows } from '@cloudfreedom/ui';
import { Badge, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
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

const SKELETON_ROWS = 8;

export function PeopleTable(props: PeopleListProps & { view: PeopleView; onSort: (column: SortColumn) => void }) {
  const { t } = useTranslation('app');
  const header = (column: SortColumn, title: string) => (
    <SortHeader column={column} title={title} view={props.view} onSort={props.onSort} />
  );
  return (
    <Table
      className="portal-table"
      stickyHeader
      verticalSpacing="sm"
      horizontalSpacing="md"
      aria-label={t('nav.people')}
    >
      <Table.Thead>
        <Table.Tr>
          {header('name', t('people.name'))}
          {header('role', t('people.role'))}
          {header('product', t('people.product'))}
          {header('status', t('people.status'))}
          <Table.Th w="30%">{t('people.budget')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.people ? (
          props.people.map((person) => (
            <Row key={person.id} person={person} figures={props.figures.get(person.id)} onOpen={props.onOpen} />
          ))
        ) : (
          <SkeletonRows rows={SKELETON_ROWS} columns={5} />
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

function Row(props: { person: TenantPerson; figures: BudgetFigures | undefined; onOpen: (personId: string) => void }) {
  const { t } = useTranslation('app');
  const words = usePersonWords();
  const { person } = props;
  return (
    <Table.Tr className="portal-row" onClick={() => props.onOpen(person.id)}>
      <Table.Td>
        <PersonName person={person} onOpen={props.onOpen} />
      </Table.Td>
      <Table.Td>{words.role[person.role]}</Table.Td>
      <Table.Td>
        {person.product?.name ?? (
          <Text span c="dimmed" inherit>
            {t('people.noProduct')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <PersonStatus status={person.status} />
      </Table.Td>
      <Table.Td>
        <PersonBudget figures={props.figures} name={person.name} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Name and e-mail; the name opens the person. */
export function PersonName({ person, onOpen }: { person: TenantPerson; onOpen: (personId: string) => void }) {
  const { t } = useTranslation('app');
  return (
    <>
      <Group gap={8} wrap="nowrap">
        <UnstyledButton
          className="portal-link"
          aria-haspopup="dialog"
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
      <Text size="sm" c="dimmed" truncate>
        {person.email || t('people.emailHidden')}
      </Text>
    </>
  );
}
