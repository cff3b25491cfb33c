import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DifferenceNotice } from '../records/difference-notice.tsx';
import { ModelChecks } from '../records/model-checks.tsx';
import { useFieldChecks, useServerFaults } from '../records/use-field-faults.ts';
import { useRecordForm } from '../records/use-record-form.ts';
import { ProductEffects } from './product-effects.tsx';
import {
  COUNT_FIELDS,
  type ManagedProduct,
  managedProduct,
  modelNames,
  NEW_PRODUCT,
  type ProductField,
  type ProductValues,
  productChanges,
  productValues,
} from './product-values.ts';
import { useModelChoice, useProductChanges } from './products.queries.ts';
import { useProductFieldNames } from './words.ts';

interface ProductFormProps {
  /** null: a new one. */
  product: ManagedProduct | null;
  onCreated: (product: ManagedProduct) => void;
}

/** All that a platform admin sets about a product, and what a change would do before it is saved. */
export function ProductForm({ product, onCreated }: ProductFormProps) {
  const { t } = useTranslation('app');
  const form = useRecordForm<ProductField, ManagedProduct | null>({
    opened: product,
    valuesOf: (record) => (record ? productValues(record) : NEW_PRODUCT),
    read: (record) => managedProduct.parse(record),
  });
  const check = useProductCheck();
  const serverFaults = useServerFaults();
  const failureWords = useFailureWords();
  const labels = useProductFieldNames();
  const models = useModelChoice();
  const { create, save } = useProductChanges();
  const [done, setDone] = useState(false);
  const { opened, typed } = form;
  const error = create.error ?? save.error;
  const isShownElsewhere = error?.name === 'ChangedMeanwhile' || Object.keys(serverFaults(error)).length > 0;

  const onError = (failure: Error) => {
    if (!form.noticeChange(failure)) form.setFaults(serverFaults(failure));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    const faults = check(typed);
    form.setFaults(faults);
    if (Object.keys(faults).length > 0 || !models.data) return;
    const changes = productChanges(opened, typed, new Map(models.data.map(({ id, name }) => [name, id])));
    if (!opened) return create.mutate(changes, { onSuccess: onCreated, onError });
    const onSuccess = (record: unknown) => {
      form.start(managedProduct.parse(record));
      setDone(true);
    };
    save.mutate({ opened, changes }, { onSuccess, onError });
  };
  const set = (field: ProductField, value: string) => {
    setDone(false);
    form.set(field, value);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProductFields typed={typed} faults={form.faults} set={set} models={models.data ?? []} />
        {form.conflict && (
          <DifferenceNotice
            differences={form.conflict.differences}
            labels={labels}
            onTakeTheirs={form.conflict.takeTheirs}
            onKeepMine={form.conflict.keepMine}
          />
        )}
        {opened && !form.conflict && <ProductEffects opened={opened} typed={typed} />}
        {error && !isShownElsewhere && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(error) })}
          </Alert>
        )}
        <Group gap="sm">
          <Button type="submit" loading={create.isPending || save.isPending} disabled={form.conflict !== null}>
            {opened ? t('person.save') : t('products.create')}
          </Button>
          <Text size="sm" className="portal-done" role="status">
            {done && t('record.saved')}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** What is wrong with what was typed, before anything is sent. */
function useProductCheck() {
  const checks = useFieldChecks();
  return (typed: ProductValues): Partial<ProductValues> => {
    const budget = typed.monthly_budget_eur;
    const faults: Record<string, string | null> = {
      name: checks.required(typed.name),
      monthly_budget_eur: checks.required(budget) ?? checks.amount(budget),
      carry_over_cap_eur: checks.amount(typed.carry_over_cap_eur),
    };
    for (const field of COUNT_FIELDS) faults[field] = checks.count(typed[field]);
    return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== null));
  };
}

interface FieldsProps {
  typed: ProductValues;
  faults: Partial<ProductValues>;
  set: (field: ProductField, value: string) => void;
  models: readonly { name: string; title: string }[];
}

function ProductFields({ typed, faults, set, models }: FieldsProps) {
  const { t } = useTranslation('app');
  const labels = useProductFieldNames();
  const field = (name: ProductField) => ({
    label: labels[name],
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  return (
    <>
      <TextInput {...field('name')} maxLength={120} data-autofocus />
      <div className="portal-fields">
        <TextInput {...field('monthly_budget_eur')} inputMode="decimal" description={t('products.budgetHint')} />
        <TextInput {...field('carry_over_cap_eur')} inputMode="decimal" description={t('products.carryOverHint')} />
      </div>
      <NativeSelect
        {...field('region_rule')}
        data={[
          { value: 'any', label: t('products.regionAny') },
          { value: 'eu', label: t('products.regionEu') },
        ]}
      />
      <ModelChecks
        label={labels.models}
        description={t('products.modelsHint')}
        models={models}
        chosen={modelNames(typed.models)}
        onChange={(names) => set('models', names.join('\n'))}
      />
      <Text size="sm" c="dimmed">
        {t('products.limitsHint')}
      </Text>
      <div className="portal-fields">
        {COUNT_FIELDS.map((name) => (
          <TextInput key={name} {...field(name)} inputMode="numeric" placeholder={t('products.noLimit')} />
        ))}
      </div>
    </>
  );
}
