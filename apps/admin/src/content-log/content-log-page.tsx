import { usePerson } from '@cloudfreedom/ui';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../records/form-dialog.tsx';
import { Question } from '../records/question.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useContentLogChange } from './content-log.queries.ts';
import { ContentLogForm } from './content-log-form.tsx';
import './content-log.css';

/** Whether the tenant keeps what its people ask and are answered; its own admins decide. */
export function ContentLogPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const own = usePerson().tenantId === tenant.id;
  const [asked, setAsked] = useState<'on' | 'off' | null>(null);
  const change = useContentLogChange(tenant);
  const close = () => setAsked(null);
  const days = tenant.content_log_days;
  return (
    <Stack gap="lg">
      <PageTitle>{t('nav.contentLog')}</PageTitle>
      <Text c="dimmed" className="content-log-text">
        {t('contentLog.text')}
      </Text>
      <div className="portal-panel content-log-state" data-on={days > 0 || undefined}>
        {days > 0 ? <IconEye size={24} stroke={1.6} aria-hidden /> : <IconEyeOff size={24} stroke={1.6} aria-hidden />}
        <div role="status">
          <Text fw={600}>{days > 0 ? t('contentLog.on', { count: days }) : t('contentLog.off')}</Text>
          <Text size="sm" c="dimmed">
            {days > 0 ? t('contentLog.onText') : t('contentLog.offText')}
          </Text>
        </div>
        <Group gap="xs">
          {own && (
            <Button variant="default" onClick={() => setAsked('on')}>
              {days > 0 ? t('contentLog.change') : t('contentLog.switchOn')}
            </Button>
          )}
          {days > 0 && (
            <Button variant="default" className="portal-danger" onClick={() => setAsked('off')}>
              {t('contentLog.switchOff')}
            </Button>
          )}
        </Group>
      </div>
      {!own && (
        <Text size="sm" c="dimmed">
          {t('contentLog.foreign', { tenant: tenant.name })}
        </Text>
      )}
      <FormDialog opened={asked === 'on'} onClose={close} size="lg" title={t('contentLog.title')}>
        <ContentLogForm days={days} onClose={close} />
      </FormDialog>
      <Question
        opened={asked === 'off'}
        title={t('contentLog.offTitle')}
        text={t('contentLog.offConsequence')}
        action={t('contentLog.switchOff')}
        dangerous
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate(0, { onSuccess: close })}
        onClose={close}
      />
    </Stack>
  );
}
