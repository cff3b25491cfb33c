import { readTypedAmount, useFormat, usePerson as useSignedIn } from '@cloudfreedom/ui';
import { NativeSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ManagedProduct } from '../products/product-values.ts';
import { useManagedProducts } from '../products/products.queries.ts';
import { LimitFields } from '../records/limit-fields.tsx';
import { RecordForm } from '../records/record-form.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useRecordEditor } from '../records/use-record-editor.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useBudgetRefusal } from './change-refusal.ts';
import { usePersonBudget, useSavePerson } from './people.queries.ts';
import { type TenantPerson, tenantPerson } from './person.ts';
import { PersonEffects } from './person-effects.tsx';
import { type PersonField, type PersonValues, personChanges, personValues } from './person-values.ts';
import { usePersonFieldNames, usePersonWords } from './words.ts';

/** What an admin sets about a person, and what it will do in the middle of the month before it is saved. */
export function PersonForm({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const labels = usePersonFieldNames();
  const products = useManagedProducts();
  const figures = usePersonBudget(tenant.id, person.id).data ?? null;
  const editor = useRecordEditor<PersonField, TenantPerson>({
    record: person,
    valuesOf: (record) => personValues(record ?? person),
    read: (record) => tenantPerson.parse(record),
    check: usePersonCheck(),
    changesOf: (opened, typed) => (opened ? personChanges(opened, typed) : null),
    save: useSavePerson(tenant.id),
  });
  const { opened, typed } = editor;
  const known = new Map(products.data?.map((product) => [product.id, product]));
  return (
    <RecordForm
      editor={editor}
      labels={labels}
      action={t('person.save')}
      saved={t('person.saved')}
      effects={
        opened && products.data && <PersonEffects opened={opened} typed={typed} terms={{ products: known, figures }} />
      }
    >
      <PersonFields person={person} typed={typed} faults={editor.faults} set={editor.set} products={products.data} />
    </RecordForm>
  );
}

/** What is wrong with what was typed, before anything is sent. */
function usePersonCheck() {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  return (typed: PersonValues) => {
    const amount = typed.budget_override_eur;
    const isEmpty = !readTypedAmount(amount).ok && amount.trim() === '';
    return {
      name: checks.required(typed.name),
      requests_per_minute: checks.count(typed.requests_per_minute),
      tokens_per_minute: checks.count(typed.tokens_per_minute),
      parallel_requests: checks.count(typed.parallel_requests),
      budget_override_eur:
        typed.budget === 'own' ? (isEmpty ? t('person.overrideEmpty') : checks.amount(amount)) : null,
    };
  };
}

interface FieldsProps {
  person: TenantPerson;
  typed: PersonValues;
  faults: Partial<PersonValues>;
  set: (field: PersonField, value: string) => void;
  products: ManagedProduct[] | undefined;
}

function PersonFields({ person, typed, faults, set, products = [] }: FieldsProps) {
  const { t } = useTranslation('app');
  const labels = usePersonFieldNames();
  const locked = useBudgetRefusal(person);
  const field = (name: PersonField) => ({
    label: labels[name],
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const choice = products.map(({ id, name }) => ({ value: id, label: name }));
  if (person.productId === '') choice.unshift({ value: '', label: t('people.noProduct') });
  return (
    <>
      {locked && (
        <Text size="sm" c="dimmed" role="note">
          {locked}
        </Text>
      )}
      <NativeSelect {...field('product')} data={choice} disabled={locked !== null} />
      <BudgetChoice typed={typed} faults={faults} set={set} products={products} disabled={locked !== null} />
      <div className="portal-fields">
        <TextInput {...field('name')} maxLength={120} />
        <TextInput {...field('cost_centre')} maxLength={60} />
      </div>
      <LimitFields
        hint={t('person.limitsHint')}
        placeholder={t('person.limitOfProduct')}
        typed={typed}
        faults={faults}
        set={set}
        disabled={locked !== null}
      />
      <div className="portal-fields">
        <RoleChoice field={field('role')} person={person} disabled={locked !== null} />
        <NativeSelect
          {...field('locale')}
          data={[
            { value: 'de', label: t('person.german') },
            { value: 'en', label: t('person.english') },
          ]}
        />
      </div>
    </>
  );
}

/** "Not set" and 0 are two different things: two buttons, and the amount only beside the second. */
function BudgetChoice(props: Omit<FieldsProps, 'person'> & { disabled: boolean }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const labels = usePersonFieldNames();
  const { typed, faults, set, products = [], disabled } = props;
  const product = products.find(({ id }) => id === typed.product);
  const ofProduct = product
    ? t('person.budgetOfProduct', { amount: format.money(product.monthly_budget_eur), product: product.name })
    : t('person.budgetWithoutProduct');
  return (
    <Stack gap="sm">
      <Radio.Group label={labels.budget} value={typed.budget} onChange={(value) => set('budget', value)}>
        <Stack gap={6} mt={6}>
          <Radio value="product" label={ofProduct} disabled={disabled} />
          <Radio value="own" label={t('person.budgetOwn')} disabled={disabled} />
        </Stack>
      </Radio.Group>
      {typed.budget === 'own' && (
        <TextInput
          label={labels.budget_override_eur}
          description={t('person.overrideHint')}
          placeholder={t('person.overridePlaceholder')}
          inputMode="decimal"
          autoComplete="off"
          maw={260}
          disabled={disabled}
          value={typed.budget_override_eur}
          error={faults.budget_override_eur}
          onChange={(event) => set('budget_override_eur', event.currentTarget.value)}
        />
      )}
    </Stack>
  );
}

interface RoleChoiceProps {
  field: { label: string; value: string; onChange: (event: { currentTarget: { value: string } }) => void };
  person: TenantPerson;
  disabled: boolean;
}

function RoleChoice({ field, person, disabled }: RoleChoiceProps) {
  const words = usePersonWords();
  const isPlatformAdmin = useSignedIn().role === 'platform_admin';
  const roles = isPlatformAdmin
    ? (['member', 'tenant_admin', 'platform_admin'] as const)
    : (['member', 'tenant_admin'] as const);
  return (
    <NativeSelect
      {...field}
      disabled={disabled || person.kind === 'service_account'}
      data={roles.map((role) => ({ value: role, label: words.role[role] }))}
    />
  );
}
