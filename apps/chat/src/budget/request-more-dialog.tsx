import { readTypedAmount, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isWaiting, useAskForMore, useBudgetRequests } from './request-more.queries.ts';
import { RequestState } from './request-state.tsx';

const LONGEST_REASON = 1_000;

/** Asks the admins for more budget; while a request waits, it says so instead. */
export default function RequestMoreDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const requests = useBudgetRequests();
  const latest = requests.data?.[0];
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{t('more.title')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        {latest && <RequestState request={latest} />}
        {isWaiting(latest) ? (
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              {t('ui:actions.close')}
            </Button>
          </Group>
        ) : (
          <RequestForm onClose={onClose} />
        )}
      </Stack>
    </Modal>
  );
}

function RequestForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const ask = useAskForMore();
  const [typed, setTyped] = useState({ amount: '', reason: '' });
  const [checked, setChecked] = useState(false);
  const amount = readTypedAmount(typed.amount);
  const isSomething = amount.ok && /[1-9]/.test(amount.amount);
  const reason = typed.reason.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (amount.ok && isSomething && reason !== '') ask.mutate({ amount: amount.amount, reason });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">{t('more.text')}</Text>
        <TextInput
          label={t('more.amount')}
          inputMode="decimal"
          autoComplete="off"
          value={typed.amount}
          error={checked && !isSomething && t('more.amountWrong')}
          onChange={(event) => setTyped({ ...typed, amount: event.currentTarget.value })}
          data-autofocus
        />
        <Textarea
          label={t('more.reason')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={LONGEST_REASON}
          value={typed.reason}
          error={checked && reason === '' && t('more.reasonMissing')}
          onChange={(event) => setTyped({ ...typed, reason: event.currentTarget.value })}
        />
        {ask.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('more.notSent', { why: failureWords(ask.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui:actions.cancel')}
          </Button>
          <Button type="submit" loading={ask.isPending}>
            {t('more.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
