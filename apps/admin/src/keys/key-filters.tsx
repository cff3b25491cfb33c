import { Button, CloseButton, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KEY_STATES } from './api-key.ts';
import type { KeyFilter } from './keys.queries.ts';
import { useKeyStateWords } from './words.ts';

const SEARCH_PAUSE_MS = 250;

/** A search, and a choice that becomes a chip. */
export function KeyFilters(props: { filter: KeyFilter; onChange: (changes: Record<string, string | null>) => void }) {
  const { t } = useTranslation('app');
  const { filter, onChange } = props;
  const words = useKeyStateWords();
  const [typed, setTyped] = useState(filter.search);
  const later = useDebouncedCallback((q: string) => onChange({ q }), SEARCH_PAUSE_MS);
  const search = (text: string) => {
    setTyped(text);
    later(text);
  };
  const chip = filter.state && `${t('people.status')}: ${words[filter.state]}`;
  return (
    <Group gap="xs" role="group" aria-label={t('keys.filters')}>
      <TextInput
        type="search"
        className="portal-search"
        aria-label={t('keys.search')}
        placeholder={t('keys.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          typed && <CloseButton size="sm" aria-label={t('people.clearSearch')} onClick={() => search('')} />
        }
        value={typed}
        onChange={(event) => search(event.currentTarget.value)}
      />
      {chip ? (
        <Button
          size="sm"
          variant="light"
          aria-label={t('people.removeFilter', { filter: chip })}
          rightSection={<IconX size={14} aria-hidden />}
          onClick={() => onChange({ state: null })}
        >
          {chip}
        </Button>
      ) : (
        <NativeSelect
          size="sm"
          aria-label={t('people.status')}
          data={[
            { value: '', label: t('people.status') },
            ...KEY_STATES.map((value) => ({ value, label: words[value] })),
          ]}
          value=""
          onChange={(event) => onChange({ state: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}
