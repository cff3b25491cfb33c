import type { ContentTurn, LoggedContent } from '@cloudfreedom/contracts';
import { ApiFailure, useFailureWords, usePerson } from '@cloudfreedom/ui';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PanelSection } from '../records/record-panel.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useLookAtContent } from './content-log.queries.ts';
import './content-log.css';

/** What was asked and answered, where the own tenant keeps it; fetched when somebody wants to read it. */
export function RequestContent({ reservationId }: { reservationId: string }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const own = usePerson().tenantId === tenant.id;
  const look = useLookAtContent(tenant);
  if (!own || tenant.content_log_days === 0) return null;
  return (
    <PanelSection title={t('contentLog.content')}>
      {look.data ? (
        <Words content={look.data} />
      ) : (
        <Stack gap="xs" align="flex-start">
          <Text size="sm" c="dimmed">
            {t('contentLog.lookNote')}
          </Text>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconEye size={14} aria-hidden />}
            loading={look.isPending}
            onClick={() => look.mutate(reservationId)}
          >
            {t('contentLog.look')}
          </Button>
          {look.error && <NotShown error={look.error} />}
        </Stack>
      )}
    </PanelSection>
  );
}

function NotShown({ error }: { error: Error }) {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  const words: Record<string, string> = {
    content_not_found: t('contentLog.notFound'),
    content_sealed: t('contentLog.sealed'),
    look_not_noted: t('contentLog.notNoted'),
  };
  const said = error instanceof ApiFailure ? words[error.code ?? ''] : undefined;
  return (
    <Alert color="gray" variant="light" role="alert">
      {said ?? failureWords(error)}
    </Alert>
  );
}

function Words({ content }: { content: LoggedContent }) {
  const { t } = useTranslation('app');
  const { request, answer, cut } = content;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {t('contentLog.looked')} {cut && t('contentLog.cut')}
      </Text>
      {[...request, ...answer].map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no id and never change
        <Turn key={index} turn={turn} />
      ))}
      {answer.length === 0 && <Text size="sm">{t('contentLog.noAnswer')}</Text>}
    </Stack>
  );
}

function Turn({ turn: { role, text } }: { turn: ContentTurn }) {
  const { t } = useTranslation('app');
  const roles: Record<string, string> = {
    user: t('contentLog.role.user'),
    assistant: t('contentLog.role.assistant'),
    system: t('contentLog.role.system'),
    developer: t('contentLog.role.system'),
    tool: t('contentLog.role.tool'),
  };
  const name = roles[role] ?? role;
  return (
    <div className="content-log-turn">
      <Text size="sm" fw={600}>
        {name}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section tabIndex={0} aria-label={name}>
        {text}
      </section>
    </div>
  );
}
