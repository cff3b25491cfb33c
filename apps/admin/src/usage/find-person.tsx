import { Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { usePeopleFound } from './usage.queries.ts';

const SEARCH_PAUSE_MS = 250;

/** Somebody of the tenant, looked for by name or address. */
export function FindPerson({ onChoose }: { onChoose: (personId: string) => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SEARCH_PAUSE_MS);
  const found = usePeopleFound(tenant.id, search);
  return (
    <>
      <TextInput
        type="search"
        label={t('filter.searchPerson')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ul className="portal-list usage-found" aria-busy={found.isPending}>
        {found.data?.map(({ id, name, email }) => (
          <li key={id}>
            <UnstyledButton className="usage-found-person" onClick={() => onChoose(id)}>
              {name || email || id}
              {name !== '' && email !== '' && (
                <Text span size="xs" c="dimmed" display="block">
                  {email}
                </Text>
              )}
            </UnstyledButton>
          </li>
        ))}
        {found.data?.length === 0 && (
          <li>
            <Text size="sm" c="dimmed">
              {t('filter.nobody')}
            </Text>
          </li>
        )}
      </ul>
    </>
  );
}
