import { Button, Checkbox, CloseButton, Divider, Group, NativeSelect, Popover, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconColumns3, IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import type { PeopleFilter, PeopleView } from './person.ts';
import { usePersonWords } from './words.ts';

const SEARCH_PAUSE_MS = 250;
const FIELDS = ['status', 'role', 'product', 'kind'] as const;
type Change = (changes: Record<string, string | null>) => void;

/** What narrows the list down: a choice for each field, and a chip for each that is made. */
export function PeopleFilters({ view, onChange }: { view: PeopleView; onChange: Change }) {
  const { t } = useTranslation('app');
  const fields = useFilterFields();
  const chosen = FIELDS.filter((name) => view[name] !== '');
  return (
    <Group gap="xs" role="group" aria-label={t('people.filters')}>
      <Search value={view.search} onSearch={(q) => onChange({ q, page: null })} />
      {FIELDS.filter((name) => view[name] === '').map((name) => (
        <NativeSelect
          key={name}
          size="sm"
          aria-label={fields[name].label}
          data={[{ value: '', label: fields[name].label }, ...fields[name].data]}
          value=""
          onChange={(event) => onChange({ [name]: event.currentTarget.value, page: null })}
        />
      ))}
      {chosen.map((name) => {
        const value = fields[name].data.find((one) => one.value === view[name])?.label ?? view[name];
        const chip = `${fields[name].label}: ${value}`;
        return (
          <Button
            key={name}
            size="sm"
            variant="light"
            aria-label={t('people.removeFilter', { filter: chip })}
            rightSection={<IconX size={14} aria-hidden />}
            onClick={() => onChange({ [name]: null, page: null })}
          >
            {chip}
          </Button>
        );
      })}
    </Group>
  );
}

function useFilterFields(): Record<keyof PeopleFilter, { label: string; data: { value: string; label: string }[] }> {
  const { t } = useTranslation('app');
  const words = usePersonWords();
  const products = useProducts();
  const choices = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));
  return {
    status: { label: t('people.status'), data: choices(words.status) },
    role: { label: t('people.role'), data: choices(words.role) },
    product: {
      label: t('people.product'),
      data: (products.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
    },
    kind: { label: t('people.kind'), data: choices(words.kind) },
  };
}

function Search({ value, onSearch }: { value: string; onSearch: (search: string) => void }) {
  const { t } = useTranslation('app');
  const [typed, setTyped] = useState(value);
  const [followed, setFollowed] = useState(value);
  const later = useDebouncedCallback(onSearch, SEARCH_PAUSE_MS);
  // The address changed by other means (back, "clear search"): follow it, but never while somebody types.
  if (value !== followed) {
    setFollowed(value);
    if (value === '' || typed === '') setTyped(value);
  }
  const change = (text: string) => {
    setTyped(text);
    later(text);
  };
  return (
    <TextInput
      type="search"
      className="portal-search"
      aria-label={t('people.search')}
      placeholder={t('people.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label={t('people.clearSearch')} onClick={() => change('')} />}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

export const COLUMNS = ['role', 'product', 'status', 'costCentre', 'budget'] as const;
export type Column = (typeof COLUMNS)[number];
/** How somebody likes the table; kept on this device. */
export interface TableTaste {
  hidden: Column[];
  dense: boolean;
}

export function TableTasteMenu({ taste, onChange }: { taste: TableTaste; onChange: (taste: TableTaste) => void }) {
  const { t } = useTranslation('app');
  const names: Record<Column, string> = {
    role: t('people.role'),
    product: t('people.product'),
    status: t('people.status'),
    costCentre: t('person.costCentre'),
    budget: t('people.budget'),
  };
  const toggle = (column: Column) =>
    onChange({
      ...taste,
      hidden: taste.hidden.includes(column)
        ? taste.hidden.filter((name) => name !== column)
        : [...taste.hidden, column],
    });
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('people.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('people.columns')}>
        <Stack gap="sm">
          {COLUMNS.map((column) => (
            <Checkbox
              key={column}
              size="xs"
              label={names[column]}
              checked={!taste.hidden.includes(column)}
              onChange={() => toggle(column)}
            />
          ))}
          <Divider />
          <Checkbox
            size="xs"
            label={t('people.dense')}
            checked={taste.dense}
            onChange={() => onChange({ ...taste, dense: !taste.dense })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
