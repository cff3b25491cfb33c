import { ApiFailure, readTypedAmount, usePerson } from '@cloudfreedom/ui';
import { NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRefusalWords } from '../budget-requests/refusal-words.ts';
import { DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useAdjust } from './adjustments.queries.ts';
import type { TenantPerson } from './person.ts';

const REASON_LETTERS_MAX = 500;
/** What an admin means; billing knows one correction with a sign. */
const KINDS = ['topUp', 'giveBack', 'charge'] as const;
type Kind = (typeof KINDS)[number];

interface AdjustmentDialogProps {
  person: TenantPerson;
  opened: boolean;
  onClose: () => void;
}

/** Raise this month's limit, or set right what was spent; always with a reason that stays. */
export function AdjustmentDialog({ person, opened, onClose }: AdjustmentDialogProps) {
  const { t } = useTranslation('app');
  return (
    <FormDialog opened={opened} title={t('adjust.title', { name: person.name })} onClose={onClose}>
      <AdjustmentForm person={person} onClose={onClose} />
    </FormDialog>
  );
}

function AdjustmentForm({ person, onClose }: { person: TenantPerson; onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const refusal = useRefusalWords();
  const check = useAdjustmentCheck();
  const mayCorrect = usePerson().role === 'platform_admin';
  const adjust = useAdjust(tenant.id, person.id);
  // One for each dialog that is opened: pressing twice books once.
  const [id] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState({ kind: 'topUp' as Kind, amount: '', reason: '' });
  const [faults, setFaults] = useState<{ amount: string | null; reason: string | null }>({
    amount: null,
    reason: null,
  });
  const words = { topUp: t('adjust.topUp'), giveBack: t('adjust.giveBack'), charge: t('adjust.charge') };
  const meanings = {
    topUp: t('adjust.topUpText'),
    giveBack: t('adjust.giveBackText'),
    charge: t('adjust.chargeText'),
  };
  const ofAmount = adjust.error instanceof ApiFailure && adjust.error.param === 'amount';
  const set = (changes: Partial<typeof typed>) => {
    setTyped((before) => ({ ...before, ...changes }));
    setFaults({ amount: null, reason: null });
  };
  const submit = () => {
    const found = check(typed);
    setFaults(found);
    const amount = readTypedAmount(typed.amount);
    if (found.amount !== null || found.reason !== null || !amount.ok) return;
    const ofPerson = { id, level: 'user' as const, ownerId: person.id, reason: typed.reason.trim() };
    const signed = typed.kind === 'giveBack' ? `-${amount.amount}` : amount.amount;
    const kind = typed.kind === 'topUp' ? ('top_up' as const) : ('correction' as const);
    adjust.mutate({ ...ofPerson, kind, amount: signed }, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('adjust.book')} busy={adjust.isPending} onSubmit={submit} onCancel={onClose}>
      {mayCorrect && (
        <NativeSelect
          label={t('adjust.kind')}
          data={KINDS.map((value) => ({ value, label: words[value] }))}
          value={typed.kind}
          onChange={({ currentTarget }) => set({ kind: KINDS.find((kind) => kind === currentTarget.value) ?? 'topUp' })}
        />
      )}
      <Text size="sm" c="dimmed">
        {meanings[typed.kind]}
      </Text>
      <TextInput
        label={t('requests.amount')}
        placeholder={t('person.overridePlaceholder')}
        inputMode="decimal"
        autoComplete="off"
        data-autofocus
        value={typed.amount}
        error={faults.amount ?? (ofAmount && refusal(adjust.error))}
        onChange={(event) => set({ amount: event.currentTarget.value })}
      />
      <Textarea
        label={t('requests.reason')}
        rows={2}
        maxLength={REASON_LETTERS_MAX}
        value={typed.reason}
        error={faults.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
      <NotSaved error={ofAmount ? null : adjust.error} why={refusal} />
    </DialogForm>
  );
}

function useAdjustmentCheck() {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  return (typed: { amount: string; reason: string }) => {
    const amount = readTypedAmount(typed.amount);
    const isNothing = amount.ok && !/[1-9]/.test(amount.amount);
    return {
      amount:
        checks.required(typed.amount) ??
        checks.amount(typed.amount) ??
        (isNothing ? t('requests.moreThanNothing') : null),
      reason: checks.required(typed.reason),
    };
  };
}
