import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ModelChecks } from '../records/model-checks.tsx';
import { RecordForm } from '../records/record-form.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useRecordEditor } from '../records/use-record-editor.ts';
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
  SHARED_FIELDS,
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
  const check = useProductCheck();
  const labels = useProductFieldNames();
  const models = useModelChoice();
  const idsOf = models.data && new Map(models.data.map(({ id, name }) => [name, id]));
  const editor = useRecordEditor<ProductField, ManagedProduct>({
    record: product,
    valuesOf: (record) => (record ? productValues(record) : NEW_PRODUCT),
    read: (record) => managedProduct.parse(record),
    check,
    changesOf: (opened, typed) => (idsOf ? productChanges(opened, typed, idsOf) : null),
    ...useProductChanges(),
    onCreated,
  });
  const { opened, typed } = editor;
  return (
    <RecordForm
      editor={editor}
      labels={labels}
      action={opened ? t('person.save') : t('products.create')}
      effects={opened && <ProductEffects opened={opened} typed={typed} />}
    >
      <ProductFields typed={typed} faults={editor.faults} set={editor.set} models={models.data ?? []} />
    </RecordForm>
  );
}

/** What is wrong with what was typed, before anything is sent. */
function useProductCheck() {
  const checks = useFieldChecks();
  return (typed: ProductValues) => {
    const budget = typed.monthly_budget_eur;
    const faults: Record<string, string | null> = {
      name: checks.required(typed.name),
      monthly_budget_eur: checks.required(budget) ?? checks.amount(budget),
      carry_over_cap_eur: checks.amount(typed.carry_over_cap_eur),
    };
    for (const field of [...COUNT_FIELDS, ...SHARED_FIELDS]) faults[field] = checks.count(typed[field]);
    return faults;
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
      <Text size="sm" c="dimmed">
        {t('products.sharedLimitsHint')}
      </Text>
      <div className="portal-fields">
        {SHARED_FIELDS.map((name) => (
          <TextInput key={name} {...field(name)} inputMode="numeric" placeholder={t('products.noLimit')} />
        ))}
      </div>
    </>
  );
}
