import type { FailureGroup } from '@cloudfreedom/contracts';
import { Moment, SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Anchor, Group, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useModelNames } from './model-names.queries.ts';
import { filterQuery, type LogFilter } from './usage-filter.ts';
import { useErrorKindWords, useOutcomeWords, useReasonWords } from './words.ts';

const COLUMNS = 6;
const SKELETON_ROWS = 5;

/** A row per reason, model and deployment; it leads to the requests behind it. */
export function FailureGroups(props: { groups: FailureGroup[] | undefined; filter: LogFilter }) {
  const { t } = useTranslation('app');
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  if (narrow && props.groups) return <GroupCards groups={props.groups} filter={props.filter} />;
  return (
    <div className="portal-panel usage-sideways" aria-busy={!props.groups}>
      <Table className="portal-table" horizontalSpacing="md" verticalSpacing="sm" aria-label={t('errors.groups')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('usage.reason')}</Table.Th>
            <Table.Th>{t('usage.model')}</Table.Th>
            <Table.Th>{t('usage.deployment')}</Table.Th>
            <Table.Th ta="right">{t('errors.count')}</Table.Th>
            <Table.Th ta="right">{t('errors.people')}</Table.Th>
            <Table.Th>{t('errors.lastSeen')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.groups ? (
            props.groups.map((group) => <GroupRow key={keyOf(group)} group={group} filter={props.filter} />)
          ) : (
            <SkeletonRows rows={SKELETON_ROWS} columns={COLUMNS} />
          )}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const keyOf = (group: FailureGroup) =>
  [group.code, group.outcome, group.errorKind, group.model, group.deployment].join(' ');

interface GroupProps {
  group: FailureGroup;
  filter: LogFilter;
}

function GroupRow({ group, filter }: GroupProps) {
  const format = useFormat();
  const models = useModelNames();
  const { model, deployment } = group;
  return (
    <Table.Tr>
      <Table.Td>
        <Reason group={group} filter={filter} />
      </Table.Td>
      <Table.Td title={model ?? undefined}>{model === null ? '–' : (models.data?.get(model) ?? model)}</Table.Td>
      <Table.Td>{deployment ?? '–'}</Table.Td>
      <Table.Td ta="right" className="cf-number">
        {format.number(group.requests)}
      </Table.Td>
      <Table.Td ta="right" className="cf-number">
        {format.number(group.people)}
      </Table.Td>
      <Table.Td>
        <Moment at={group.lastAt} />
      </Table.Td>
    </Table.Tr>
  );
}

/** The same where a table is too wide. */
function GroupCards({ groups, filter }: { groups: FailureGroup[]; filter: LogFilter }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const models = useModelNames();
  return (
    <ul className="portal-panel portal-cards" aria-label={t('errors.groups')}>
      {groups.map((group) => (
        <li key={keyOf(group)}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div className="portal-card-name">
              <Reason group={group} filter={filter} />
            </div>
            <Text size="sm" fw={550} className="cf-number portal-nowrap">
              {t('errors.requests', { count: group.requests, number: format.number(group.requests) })}
            </Text>
          </Group>
          <Group justify="space-between" gap="xs" c="dimmed" fz="sm">
            <span>{group.model === null ? '–' : (models.data?.get(group.model) ?? group.model)}</span>
            <Moment at={group.lastAt} />
          </Group>
        </li>
      ))}
    </ul>
  );
}

/** Why, with the way to the requests behind it, and whether anybody paid. */
function Reason({ group, filter }: GroupProps) {
  const { t } = useTranslation('app');
  const reasonOf = useReasonWords();
  const outcomes = useOutcomeWords();
  const kindOf = useErrorKindWords();
  const { code, outcome, errorKind, model, deployment } = group;
  const reason = code === null ? (outcome === null ? '' : outcomes[outcome]) : reasonOf(code);
  const given = Object.fromEntries(
    Object.entries({ code, outcome, errorKind, model, deployment }).filter(([, value]) => value !== null),
  );
  const rows = filterQuery({ ...filter, ...given });
  return (
    <>
      <Anchor
        component={Link}
        to={code === null ? `../usage?${rows}` : `?${rows}`}
        className="portal-link usage-reason"
        c="inherit"
        aria-label={t('errors.show', { reason })}
      >
        {reason}
      </Anchor>
      <Text span size="xs" c="dimmed" display="block">
        {[errorKind && kindOf(errorKind), code === null ? t('errors.charged') : t('errors.uncharged')]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </>
  );
}
