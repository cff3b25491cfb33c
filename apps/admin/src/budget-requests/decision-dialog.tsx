import type { BudgetRequest } from '@cloudfreedom/contracts';
import { ApiFailure, readTypedAmount, useFormat } from '@cloudfreedom/ui';
import { Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useDecideRequest } from './budget-requests.queries.ts';
import { useRefusalWords } from './refusal-words.ts';

const NOTE_LETTERS_MAX = 1_000;
export type Decision = 'approved' | 'declined';

interface DecisionDialogProps {
  request: BudgetRequest;
  name: string;
  /** null: closed. */
  decision: Decision | null;
  onClose: () => void;
}

/** Approve with an amount, or decline with a reason; the person is told either way. */
export function DecisionDialog({ request, name, decision, onClose }: DecisionDialogProps) {
  const { t } = useTranslation('app');
  return (
    <>
      <FormDialog opened={decision === 'approved'} title={t('requests.approveTitle', { name })} onClose={onClose}>
        <Approve request={request} onClose={onClose} />
      </FormDialog>
      <FormDialog opened={decision === 'declined'} title={t('requests.declineTitle', { name })} onClose={onClose}>
        <Decline request={request} onClose={onClose} />
      </FormDialog>
    </>
  );
}

interface FormProps {
  request: BudgetRequest;
  onClose: () => void;
}

function Approve({ request, onClose }: FormProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const format = useFormat();
  const checks = useFieldChecks();
  const refusal = useRefusalWords();
  const decide = useDecideRequest(tenant.id, request);
  const [typed, setTyped] = useState(format.language === 'de' ? request.amount.replace('.', ',') : request.amount);
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const ofAmount = decide.error instanceof ApiFailure && decide.error.param === 'amount';
  const submit = () => {
    const amount = readTypedAmount(typed);
    const isNothing = amount.ok && !/[1-9]/.test(amount.amount);
    const found = checks.required(typed) ?? checks.amount(typed) ?? (isNothing ? t('requests.moreThanNothing') : null);
    setFault(found);
    if (found !== null || !amount.ok) return;
    const told = note.trim() === '' ? {} : { note: note.trim() };
    decide.mutate({ decision: 'approve', amount: amount.amount, ...told }, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('requests.approve')} busy={decide.isPending} onSubmit={submit} onCancel={onClose}>
      <Text size="sm" c="dimmed">
        {t('requests.approveText')}
      </Text>
      <TextInput
        label={t('requests.amount')}
        inputMode="decimal"
        autoComplete="off"
        data-autofocus
        value={typed}
        error={fault ?? (ofAmount && refusal(decide.error))}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setFault(null);
        }}
      />
      <Note label={t('requests.note')} value={note} onChange={setNote} />
      <NotSaved error={ofAmount ? null : decide.error} why={refusal} />
    </DialogForm>
  );
}

function Decline({ request, onClose }: FormProps) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const checks = useFieldChecks();
  const refusal = useRefusalWords();
  const decide = useDecideRequest(tenant.id, request);
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const submit = () => {
    const found = checks.required(note);
    setFault(found);
    if (found === null) decide.mutate({ decision: 'decline', note: note.trim() }, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('requests.decline')} busy={decide.isPending} dangerous onSubmit={submit} onCancel={onClose}>
      <Text size="sm" c="dimmed">
        {t('requests.declineText')}
      </Text>
      <Note label={t('requests.reason')} value={note} onChange={setNote} fault={fault} focused />
      <NotSaved error={decide.error} why={refusal} />
    </DialogForm>
  );
}

interface NoteProps {
  label: string;
  value: string;
  onChange: (note: string) => void;
  fault?: string | null;
  focused?: boolean;
}

function Note({ label, value, onChange, fault, focused }: NoteProps) {
  return (
    <Textarea
      label={label}
      rows={3}
      maxLength={NOTE_LETTERS_MAX}
      {...(focused ? { 'data-autofocus': true } : {})}
      value={value}
      error={fault}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
