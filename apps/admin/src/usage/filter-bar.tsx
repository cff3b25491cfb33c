import { Button, CloseButton, Group, Popover, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilterPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { FilterForm } from './filter-form.tsx';
import { PeriodChoice } from './period-choice.tsx';
import { useNames, useProductNames } from './usage.queries.ts';
import { CHIP_NAMES, type FilterName, type LogFilter } from './usage-filter.ts';
import { useErrorKindWords, useFilterWords, useLackingWords, useOutcomeWords, useReasonWords } from './words.ts';

type Change = (changes: Record<string, string | null>) => void;

/** Period, the parts of the filter as chips, and a way to add one. */
export function FilterBar(props: { filter: LogFilter; names: readonly FilterName[]; onChange: Change }) {
  const { t } = useTranslation('app');
  const { filter, names, onChange } = props;
  const [adding, form] = useDisclosure(false);
  const given = CHIP_NAMES.filter((name) => names.includes(name) && filter[name] !== undefined);
  return (
    <Group gap="xs" role="group" aria-label={t('filter.label')}>
      <PeriodChoice filter={filter} onChange={onChange} />
      <Chips filter={filter} given={given} onChange={onChange} />
      <Popover opened={adding} onChange={form.toggle} position="bottom-start" width={300} trapFocus shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconFilterPlus size={16} aria-hidden />}
            onClick={form.toggle}
            aria-expanded={adding}
          >
            {t('filter.add')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterForm
            names={names}
            onApply={(name, value) => {
              onChange({ [name]: value });
              form.close();
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {given.length > 1 && (
        <UnstyledButton
          className="usage-clear"
          onClick={() => onChange(Object.fromEntries(given.map((name) => [name, null])))}
        >
          {t('filter.clear')}
        </UnstyledButton>
      )}
    </Group>
  );
}

function Chips(props: { filter: LogFilter; given: FilterName[]; onChange: Change }) {
  const { t } = useTranslation('app');
  const { filter, given, onChange } = props;
  const words = useFilterWords();
  const textOf = useFilterValue(filter);
  return given.map((name) => {
    if (name === 'from' || name === 'to') return null;
    const value = textOf(name);
    return (
      <span className="usage-chip" key={name}>
        <span className="usage-chip-name">{words[name]}</span> {value}
        <CloseButton
          size="xs"
          aria-label={t('filter.remove', { name: words[name], value })}
          onClick={() => onChange({ [name]: null })}
        />
      </span>
    );
  });
}

/** The value of a part of the filter as people say it: names instead of ids. */
function useFilterValue(filter: LogFilter): (name: FilterName) => string {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const people = useNames('users', tenant.id, [[filter.subjectId ?? null]]);
  const keys = useNames('api_keys', tenant.id, [[filter.apiKeyId ?? null]]);
  const products = useProductNames();
  const outcomes = useOutcomeWords();
  const reasonOf = useReasonWords();
  const kindOf = useErrorKindWords();
  const lacking = useLackingWords();
  return (name) => {
    const text = filter[name] ?? '';
    if (name === 'subjectId') return people.nameOf(text) ?? (people.isPending ? '…' : t('people.unknown'));
    if (name === 'apiKeyId') return keys.nameOf(text) ?? text;
    if (name === 'productId') return products.data?.get(text) ?? text;
    if (name === 'outcome' && filter.outcome) return outcomes[filter.outcome];
    if (name === 'without' && filter.without) return lacking[filter.without];
    if (name === 'code') return reasonOf(text);
    if (name === 'errorKind') return kindOf(text);
    if (name === 'basis') return text === 'exact' ? t('usage.exact') : t('usage.estimated');
    return text;
  };
}
