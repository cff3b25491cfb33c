import { Checkbox, CloseButton, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { PeriodChoice } from '../usage/period-choice.tsx';
import { useNames } from '../usage/usage.queries.ts';
import { ACTIONS, type AuditFilter, KINDS } from './audit-filter.ts';
import { PersonFilter } from './person-filter.tsx';
import { useActionWords, useKindWords } from './words.ts';

interface AuditFilterBarProps {
  filter: AuditFilter;
  ofPlatform: boolean;
  onChange: (changes: Record<string, string | null>) => void;
}

/** Time, kind and action are chosen, a person is looked for, a record comes by a link. */
export function AuditFilterBar({ filter, ofPlatform, onChange }: AuditFilterBarProps) {
  const { t } = useTranslation('app');
  const kinds = useKindWords();
  const actions = useActionWords();
  return (
    <Group gap="xs" role="group" aria-label={t('filter.label')}>
      <PeriodChoice filter={filter} onChange={onChange} />
      <NativeSelect
        size="sm"
        aria-label={t('audit.kindLabel')}
        value={filter.kind ?? ''}
        onChange={(event) => onChange({ kind: event.currentTarget.value })}
        data={[{ value: '', label: t('audit.everyKind') }, ...KINDS.map((value) => ({ value, label: kinds[value] }))]}
      />
      <NativeSelect
        size="sm"
        aria-label={t('audit.actionLabel')}
        value={filter.action ?? ''}
        onChange={(event) => onChange({ action: event.currentTarget.value })}
        data={[
          { value: '', label: t('audit.everyAction') },
          ...ACTIONS.map((value) => ({ value, label: actions[value] })),
        ]}
      />
      <PersonFilter onChoose={(actor) => onChange({ actor })} />
      <Chips filter={filter} onChange={onChange} />
      {ofPlatform && (
        <Checkbox
          size="sm"
          label={t('audit.withPlatform')}
          checked={filter.platform === '1'}
          onChange={(event) => onChange({ platform: event.currentTarget.checked ? '1' : null })}
        />
      )}
    </Group>
  );
}

function Chips({ filter, onChange }: Pick<AuditFilterBarProps, 'filter' | 'onChange'>) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { actor, record } = filter;
  const people = useNames('users', tenant.id, [
    [actor ?? null, record && /^[a-z0-9]{15}$/.test(record) ? record : null],
  ]);
  const chips = [
    { name: 'actor', title: t('audit.by'), id: actor },
    { name: 'record', title: t('audit.record'), id: record },
  ];
  return chips.map(({ name, title, id }) => {
    if (id === undefined) return null;
    const value = people.nameOf(id) ?? id;
    return (
      <span className="usage-chip" key={name}>
        <span className="usage-chip-name">{title}</span> {value}
        <CloseButton
          size="xs"
          aria-label={t('filter.remove', { name: title, value })}
          onClick={() => onChange({ [name]: null })}
        />
      </span>
    );
  });
}
