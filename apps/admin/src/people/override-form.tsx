import { readTypedAmount, type TypedAmount, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useChangePerson } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

type Fault = Extract<TypedAmount, { ok: false }>['fault'];

/** Set or clear a person's own monthly budget. What was typed stays when saving fails. */
export function OverrideForm({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const { language } = useFormat();
  const failureWords = useFailureWords();
  const tenant = useTenantOnShow();
  const change = useChangePerson(tenant.id, person);
  const [typed, setTyped] = useState(() => localAmount(person.budgetOverrideEur, language));
  const [fault, setFault] = useState<Fault | null>(null);
  const [done, setDone] = useState<'saved' | 'cleared' | null>(null);
  const faults = {
    empty: t('person.overrideEmpty'),
    negative: t('person.overrideNegative'),
    not_a_number: t('person.overrideNotANumber'),
    ambiguous: t('person.overrideAmbiguous'),
    too_large: t('person.overrideTooLarge'),
  };

  const save = (event: FormEvent) => {
    event.preventDefault();
    setDone(null);
    const amount = readTypedAmount(typed);
    if (!amount.ok) return setFault(amount.fault);
    setFault(null);
    change.mutate({ budget_override_eur: amount.amount }, { onSuccess: () => setDone('saved') });
  };
  const clear = () => {
    setDone(null);
    setFault(null);
    change.mutate(
      { budget_override_eur: '' },
      {
        onSuccess: () => {
          setTyped('');
          setDone('cleared');
        },
      },
    );
  };

  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        <ProductHint person={person} />
        <TextInput
          label={t('person.overrideLabel')}
          placeholder={t('person.overridePlaceholder')}
          inputMode="decimal"
          autoComplete="off"
          rightSection={
            <Text c="dimmed" aria-hidden>
              €
            </Text>
          }
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setFault(null);
            setDone(null);
          }}
          error={fault && faults[fault]}
        />
        {change.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(change.error) })}
          </Alert>
        )}
        <Group gap="xs">
          <Button type="submit" loading={change.isPending}>
            {t('person.save')}
          </Button>
          {person.budgetOverrideEur !== '' && (
            <Button variant="subtle" color="gray" disabled={change.isPending} onClick={clear}>
              {t('person.clear')}
            </Button>
          )}
        </Group>
        <Text size="sm" className="portal-done" role="status">
          {done === 'saved' && t('person.saved')}
          {done === 'cleared' && t('person.cleared')}
        </Text>
      </Stack>
    </form>
  );
}

function localAmount(amount: string, language: string): string {
  return language === 'de' ? amount.replace('.', ',') : amount;
}

function ProductHint({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (!person.product) return <Hint>{t('person.overrideNoProduct')}</Hint>;
  const of = { amount: format.money(person.product.monthly_budget_eur), product: person.product.name };
  return (
    <Hint>{person.budgetOverrideEur === '' ? t('person.overrideNone', of) : t('person.overrideInstead', of)}</Hint>
  );
}

function Hint({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
