import { Moment } from '@cloudfreedom/ui';
import { Anchor, Group, Table, Text } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import type { AuditRow } from './audit.queries.ts';
import type { Kind } from './audit-filter.ts';
import { type AuditWords, NOT_KEPT } from './words.ts';

type NameOf = (id: string) => string | undefined;
const ROLES_WITHOUT_NAME: readonly string[] = ['superuser', 'platform_admin'];

interface AuditEntryProps {
  row: AuditRow;
  nameOf: NameOf;
  isPending: boolean;
  words: AuditWords;
}

type PartProps = Omit<AuditEntryProps, 'isPending'>;

/** Whether it would say the same: names of others that became known draw nothing again. */
function saysTheSame(one: AuditEntryProps, other: AuditEntryProps): boolean {
  const { row, nameOf } = other;
  if (one.row !== row || one.isPending !== other.isPending || one.words.language !== other.words.language) return false;
  const named = [row.actor, row.target_id, ...Object.values(row.before), ...Object.values(row.after)].flat();
  return named.every((value) => typeof value !== 'string' || one.nameOf(value) === nameOf(value));
}

/** One change: who, when, from where, of what, and the fields before and after. Drawn again when something of it changed. */
export const AuditEntry = memo(function AuditEntry({ row, nameOf, isPending, words }: AuditEntryProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { actor, actor_role: role, ip } = row;
  const platform = ROLES_WITHOUT_NAME.includes(role) ? t('audit.platform') : t('people.unknown');
  const by = nameOf(actor) ?? (isPending ? '…' : platform);
  return (
    <>
      <Group justify="space-between" gap="xs" align="flex-start">
        <What row={row} nameOf={nameOf} words={words} />
        <Text size="sm" c="dimmed" component="div">
          <Anchor component={Link} to={`/tenants/${tenant.id}/audit?actor=${actor}`} inherit underline="always">
            {by}
          </Anchor>
          {ip !== '' && <> · {t('audit.fromNetwork', { network: ip })}</>} · <Moment at={row.created} />
        </Text>
      </Group>
      {row.action === 'update' ? (
        <Difference row={row} nameOf={nameOf} words={words} fields={fieldsOf(row)} />
      ) : (
        <Values row={row} nameOf={nameOf} words={words} />
      )}
    </>
  );
}, saysTheSame);

/** "Person changed: Ines Romero"; the name leads to all changes of this record. */
function What({ row, nameOf, words }: PartProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { action, target_collection: collection, target_id: id } = row;
  const named = nameOf(id) ?? nameIn(row, nameOf);
  const said = `${words.kinds[collection as Kind] ?? collection} ${words.actions[action]}`;
  return (
    <Text fw={550}>
      {named !== undefined && `${said}: `}
      <Anchor
        component={Link}
        to={`/tenants/${tenant.id}/audit?record=${encodeURIComponent(id)}`}
        inherit
        underline="always"
        title={t('audit.recordId', { id })}
      >
        {named ?? said}
      </Anchor>
    </Text>
  );
}

/** What a record of which no name is known (any more) was called, or whom or what it was about. */
function nameIn({ before, after }: AuditRow, nameOf: NameOf): string | undefined {
  for (const field of ['display_name', 'name', 'prefix', 'subject', 'owner', 'user', 'model', 'effective_from']) {
    const value = after[field] ?? before[field];
    if (typeof value !== 'string' || value === '' || value === NOT_KEPT) continue;
    return field === 'prefix' ? `${value}…` : (nameOf(value) ?? value);
  }
  return undefined;
}

/** What everybody knows who reads here is left out: the tenant on show, and that a new thing has personal values. */
function fieldsOf({ before, after, action, tenant }: AuditRow): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (action === 'update') return fields;
  const values = action === 'create' || action === 'read' ? after : before;
  return fields.filter((field) => values[field] !== NOT_KEPT && !(field === 'tenant' && values[field] === tenant));
}

/** What came or went with a record: out of the way until somebody wants to know. */
function Values({ row, nameOf, words }: PartProps) {
  const { t } = useTranslation('app');
  const fields = fieldsOf(row);
  if (fields.length === 0) return null;
  return (
    <details className="audit-values">
      <summary>{t('audit.values', { count: fields.length })}</summary>
      <Difference row={row} nameOf={nameOf} words={words} fields={fields} />
    </details>
  );
}

function Difference({ row, nameOf, words, fields }: PartProps & { fields: string[] }) {
  const { t } = useTranslation('app');
  const { before, after, action } = row;
  const hasBefore = action !== 'create' && action !== 'read';
  if (fields.length === 0) return null;
  return (
    <div className="usage-sideways">
      <Table className="audit-difference" verticalSpacing={3} horizontalSpacing={8} withRowBorders={false}>
        <Table.Thead className="cf-visually-hidden">
          <Table.Tr>
            <Table.Th>{t('audit.fieldTitle')}</Table.Th>
            {hasBefore && <Table.Th>{t('audit.before')}</Table.Th>}
            {action !== 'delete' && <Table.Th>{t('audit.after')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr key={field} data-action={action}>
              <Table.Th scope="row">{words.fieldName(field)}</Table.Th>
              {hasBefore && (
                <Table.Td>
                  <del>{words.say(field, before[field], nameOf)}</del>
                </Table.Td>
              )}
              {action !== 'delete' && (
                <Table.Td>
                  <ins>{words.say(field, after[field], nameOf)}</ins>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
