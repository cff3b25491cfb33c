import { LACKING, OUTCOMES, PROVIDERS } from '@cloudfreedom/contracts';
import { providerTitle } from '@cloudfreedom/ui';
import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { FindPerson } from './find-person.tsx';
import { useModelNames } from './model-names.queries.ts';
import { useKeysToChoose, useProductNames } from './usage.queries.ts';
import { CHIP_NAMES, type FilterName, logFilter } from './usage-filter.ts';
import { useFilterWords, useLackingWords, useOutcomeWords } from './words.ts';

type ChipName = Exclude<FilterName, 'from' | 'to'>;
type Apply = (name: FilterName, value: string) => void;
const REGIONS = ['eu', 'us', 'global'];

/** Which part, then its value: chosen where there is a list, found where it is a person, typed where it is free. */
export function FilterForm({ names, onApply }: { names: readonly FilterName[]; onApply: Apply }) {
  const { t } = useTranslation('app');
  const words = useFilterWords();
  const [name, setName] = useState<ChipName>('subjectId');
  const chips = CHIP_NAMES.filter((chip): chip is ChipName => names.includes(chip));
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t('filter.by')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value as ChipName)}
        data={chips.map((chip) => ({ value: chip, label: words[chip] }))}
      />
      <FilterValue key={name} name={name} onApply={onApply} />
    </Stack>
  );
}

function FilterValue({ name, onApply }: { name: ChipName; onApply: Apply }) {
  if (name === 'subjectId') return <FindPerson onChoose={(id) => onApply(name, id)} />;
  if (name === 'apiKeyId') return <KeyValue onApply={onApply} />;
  if (['productId', 'model', 'provider', 'region', 'outcome', 'basis', 'without'].includes(name))
    return <ListedValue name={name} onApply={onApply} />;
  return <TypedValue name={name} onApply={onApply} />;
}

function Choice(props: { name: FilterName; data: { value: string; label: string }[]; onApply: Apply }) {
  const { t } = useTranslation('app');
  return (
    <NativeSelect
      label={t('filter.value')}
      value=""
      onChange={(event) => event.currentTarget.value !== '' && props.onApply(props.name, event.currentTarget.value)}
      data={[{ value: '', label: t('filter.choose') }, ...props.data]}
    />
  );
}

function ListedValue({ name, onApply }: { name: ChipName; onApply: Apply }) {
  const { t } = useTranslation('app');
  const models = useModelNames();
  const products = useProductNames();
  const outcomes = useOutcomeWords();
  const lacking = useLackingWords();
  const named = (entries: Map<string, string> | undefined) =>
    [...(entries ?? [])].map(([value, label]) => ({ value, label }));
  const data = {
    productId: () => named(products.data),
    model: () => named(models.data),
    provider: () => [
      ...PROVIDERS.map((value) => ({ value: `${value}`, label: providerTitle(value) })),
      { value: 'custom', label: t('usage.custom') },
    ],
    region: () => REGIONS.map((value) => ({ value, label: value })),
    outcome: () => OUTCOMES.map((value) => ({ value, label: outcomes[value] })),
    basis: () => [
      { value: 'exact', label: t('usage.exact') },
      { value: 'estimated', label: t('usage.estimated') },
    ],
    without: () => LACKING.map((value) => ({ value: `${value}`, label: lacking[value] })),
  }[name as 'model'];
  return <Choice name={name} data={data()} onApply={onApply} />;
}

function KeyValue({ onApply }: { onApply: Apply }) {
  const tenant = useTenantOnShow();
  const keys = useKeysToChoose(tenant.id);
  const data = (keys.data ?? []).map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` }));
  return <Choice name="apiKeyId" data={data} onApply={onApply} />;
}

function TypedValue({ name, onApply }: { name: ChipName; onApply: Apply }) {
  const { t } = useTranslation('app');
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = logFilter.shape[name].safeParse(typed.trim());
    if (typed.trim() !== '' && value.success) onApply(name, typed.trim());
    else setRefused(true);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('filter.value')}
          value={typed}
          error={refused && t('filter.invalid')}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setRefused(false);
          }}
        />
        <Button type="submit" size="sm">
          {t('filter.apply')}
        </Button>
      </Stack>
    </form>
  );
}
