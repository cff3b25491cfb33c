import { Moment, useTexts } from '@cloudfreedom/ui';
import { memo, useState } from 'react';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import type { AuditRow } from './audit.queries.ts';
import type { Kind } from './audit-filter.ts';
import { type AuditWords, NOT_KEPT } from './words.ts';

type NameOf = (id: string) => string | undefined;
const LINK = 'mantine-focus-auto audit-link';
const ROLES_WITHOUT_NAME: readonly string[] = ['superuser', 'platform_admin'];

interface AuditEntryProps {
  row: AuditRow;
  nameOf: NameOf;
  words: AuditWords;
  isPending: boolean;
}

/** One change: who, when, from where, of what, and the fields before and after. Drawn again when something of it changed. */
export const AuditEntry = memo(function AuditEntry({ row, nameOf, words, isPending }: AuditEntryProps) {
  const { t } = useTexts('app');
  const tenant = useTenantOnShow();
  const { actor, actor_role: role, ip } = row;
  const platform = ROLES_WITHOUT_NAME.includes(role) ? t('audit.platform') : t('people.unknown');
  const by = nameOf(actor) ?? (isPending ? '…' : platform);
  return (
    <>
      <div className="audit-head">
        <What row={row} nameOf={nameOf} words={words} />
        <div className="cf-note">
          <Link to={`/tenants/${tenant.id}/audit?actor=${actor}`} className={LINK}>
            {by}
          </Link>
          {ip !== '' && <> · {t('audit.fromNetwork', { network: ip })}</>} · <Moment at={row.created} />
        </div>
      </div>
      {row.action === 'update' ? (
        <Difference row={row} words={words} fields={fieldsOf(row)} />
      ) : (
        <Values row={row} words={words} />
      )}
    </>
  );
});

/** "Person changed: Ines Romero"; the name leads to all changes of this record. */
function What({ row, nameOf, words }: { row: AuditRow; nameOf: NameOf; words: AuditWords }) {
  const { t } = useTexts('app');
  const tenant = useTenantOnShow();
  const { kinds, actions } = words;
  const { action, target_collection: collection, target_id: id } = row;
  const named = nameOf(id) ?? nameIn(row, nameOf);
  const said = `${kinds[collection as Kind] ?? collection} ${actions[action]}`;
  return (
    <div className="audit-what">
      {named !== undefined && `${said}: `}
      <Link
        to={`/tenants/${tenant.id}/audit?record=${encodeURIComponent(id)}`}
        className={LINK}
        title={t('audit.recordId', { id })}
      >
        {named ?? said}
      </Link>
    </div>
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
function Values({ row, words }: { row: AuditRow; words: AuditWords }) {
  const { t } = useTexts('app');
  const [isOpen, setOpen] = useState(false);
  const fields = fieldsOf(row);
  if (fields.length === 0) return null;
  return (
    <details className="audit-values" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('audit.values', { count: fields.length })}</summary>
      {isOpen && <Difference row={row} words={words} fields={fields} />}
    </details>
  );
}

function Difference({ row, words, fields }: { row: AuditRow; words: AuditWords; fields: string[] }) {
  const { t } = useTexts('app');
  const { fieldName, say } = words;
  const { before, after, action } = row;
  const hasBefore = action !== 'create' && action !== 'read';
  if (fields.length === 0) return null;
  return (
    <div className="usage-sideways">
      <table className="audit-difference">
        <thead className="cf-visually-hidden">
          <tr>
            <th>{t('audit.fieldTitle')}</th>
            {hasBefore && <th>{t('audit.before')}</th>}
            {action !== 'delete' && <th>{t('audit.after')}</th>}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field} data-action={action}>
              <th scope="row">{fieldName(field)}</th>
              {hasBefore && (
                <td>
                  <del>{say(field, before[field])}</del>
                </td>
              )}
              {action !== 'delete' && (
                <td>
                  <ins>{say(field, after[field])}</ins>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
