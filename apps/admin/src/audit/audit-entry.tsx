import { Moment } from '@cloudfreedom/ui';
import { Anchor, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import type { AuditRow } from './audit.queries.ts';
import type { Kind } from './audit-filter.ts';
import { useActionWords, useFieldWords, useKindWords, useValueWords } from './words.ts';

type NameOf = (id: string) => string | undefined;
const ROLES_WITHOUT_NAME: readonly string[] = ['superuser', 'platform_admin'];

/** One change: who, when, from where, of what, and the fields before and after. */
export function AuditEntry({ row, nameOf, isPending }: { row: AuditRow; nameOf: NameOf; isPending: boolean }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const kinds = useKindWords();
  const actions = useActionWords();
  const { action, actor, actor_role: role, ip, target_collection: collection, target_id: id } = row;
  const kind = kinds[collection as Kind] ?? collection;
  const platform = ROLES_WITHOUT_NAME.includes(role) ? t('audit.platform') : t('people.unknown');
  const by = nameOf(actor) ?? (isPending ? '…' : platform);
  const base = `/tenants/${tenant.id}/audit`;
  const named = (collection === 'users' ? nameOf(id) : undefined) ?? nameIn(row) ?? id;
  return (
    <>
      <Group justify="space-between" gap="xs" align="flex-start">
        <Text fw={550}>
          {kind} {actions[action]}
          {': '}
          <Anchor
            component={Link}
            to={`${base}?record=${encodeURIComponent(id)}`}
            inherit
            underline="always"
            title={id}
          >
            {named}
          </Anchor>
        </Text>
        <Text size="sm" c="dimmed" component="div">
          <Anchor component={Link} to={`${base}?actor=${actor}`} inherit underline="always">
            {by}
          </Anchor>
          {ip !== '' && <> · {t('audit.fromNetwork', { network: ip })}</>} · <Moment at={row.created} />
        </Text>
      </Group>
      <Difference row={row} nameOf={nameOf} />
    </>
  );
}

/** The name that the record itself has, where it is kept. */
function nameIn({ before, after }: AuditRow): string | undefined {
  const name = after.name ?? before.name;
  return typeof name === 'string' && name !== '' && name !== '[not kept]' ? name : undefined;
}

function Difference({ row, nameOf }: { row: AuditRow; nameOf: NameOf }) {
  const { t } = useTranslation('app');
  const fieldName = useFieldWords();
  const say = useValueWords(nameOf);
  const { before, after, action } = row;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (fields.length === 0) return null;
  return (
    <div className="usage-sideways">
      <Table className="audit-difference" verticalSpacing={4} horizontalSpacing={8} withRowBorders={false}>
        <Table.Thead className="cf-visually-hidden">
          <Table.Tr>
            <Table.Th>{t('audit.fieldTitle')}</Table.Th>
            <Table.Th>{t('audit.before')}</Table.Th>
            <Table.Th>{t('audit.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr key={field}>
              <Table.Th scope="row">{fieldName(field)}</Table.Th>
              <Table.Td>{action !== 'create' && <del>{say(field, before[field])}</del>}</Table.Td>
              <Table.Td>{action !== 'delete' && <ins>{say(field, after[field])}</ins>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
