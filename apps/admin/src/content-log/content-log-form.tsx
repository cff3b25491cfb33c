import { CONTENT_LOG_DAYS_MAX } from '@cloudfreedom/contracts';
import { Checkbox, List, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useContentLogChange } from './content-log.queries.ts';

const DAYS_PROPOSED = 30;

/** Says what it means before it is switched on, and asks for the confirmation. */
export function ContentLogForm({ days, onClose }: { days: number; onClose: () => void }) {
  const { t } = useTranslation('app');
  const change = useContentLogChange(useTenantOnShow());
  const [typed, setTyped] = useState(String(days || DAYS_PROPOSED));
  const [confirmed, setConfirmed] = useState(false);
  const [faults, setFaults] = useState<{ days?: string; confirmed?: string }>({});
  const submit = () => {
    const wanted = Number(typed);
    const inBounds = /^\d+$/.test(typed.trim()) && wanted >= 1 && wanted <= CONTENT_LOG_DAYS_MAX;
    setFaults({
      ...(!inBounds && { days: t('fault.range', { min: 1, max: CONTENT_LOG_DAYS_MAX }) }),
      ...(!confirmed && { confirmed: t('contentLog.confirmMissing') }),
    });
    if (inBounds && confirmed) change.mutate(wanted, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('contentLog.save')} dangerous busy={change.isPending} onSubmit={submit} onCancel={onClose}>
      <List size="sm" spacing={6}>
        <List.Item>{t('contentLog.meansAll')}</List.Item>
        <List.Item>{t('contentLog.meansWhere')}</List.Item>
        <List.Item>{t('contentLog.meansWho')}</List.Item>
        <List.Item>{t('contentLog.meansTold')}</List.Item>
      </List>
      <TextInput
        label={t('contentLog.days')}
        description={t('contentLog.daysHint')}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        error={faults.days}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Checkbox
        label={t('contentLog.confirm')}
        checked={confirmed}
        error={faults.confirmed}
        onChange={(event) => setConfirmed(event.currentTarget.checked)}
      />
      <NotSaved error={change.error} />
    </DialogForm>
  );
}
