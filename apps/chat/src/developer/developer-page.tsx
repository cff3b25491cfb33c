import { EmptyState, ErrorState, Moment, Money, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyState, type OwnKey } from './own-key.ts';
import { useOwnKeyChanges, useOwnKeys } from './own-keys.queries.ts';
import { SnippetView } from './snippet-view.tsx';
import '../usage/usage.css';
import './developer.css';

const KeyDialog = lazy(() => import('./key-dialog.tsx'));

/** Own API keys, and a program to begin with. */
export default function DeveloperPage() {
  const { t } = useTranslation('app');
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<OwnKey | null>(null);
  useEffect(() => {
    document.title = t('title.conversation', { title: t('developer.title') });
  }, [t]);
  return (
    <div className="chat-page">
      <Stack gap="xl" className="chat-page-column">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={1}>{t('developer.title')}</Title>
            <Text c="dimmed">{t('developer.text')}</Text>
          </div>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {t('developer.newKey')}
          </Button>
        </Group>
        <Keys onRevoke={setAsked} />
        <SnippetView />
      </Stack>
      <Suspense>{making && <KeyDialog onClose={() => setMaking(false)} />}</Suspense>
      {asked && <Revocation apiKey={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Keys({ onRevoke }: { onRevoke: (key: OwnKey) => void }) {
  const { t } = useTranslation('app');
  const keys = useOwnKeys();
  if (keys.isPending) return <Skeleton height={120} />;
  if (keys.isError) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />;
  if (keys.data.length === 0)
    return <EmptyState icon={<IconKey size={28} />} title={t('developer.none')} text={t('developer.noneText')} />;
  return (
    <ul className="developer-keys" aria-label={t('developer.keys')}>
      {keys.data.map((key) => (
        <KeyEntry key={key.id} apiKey={key} onRevoke={onRevoke} />
      ))}
    </ul>
  );
}

function KeyEntry({ apiKey, onRevoke }: { apiKey: OwnKey; onRevoke: (key: OwnKey) => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const state = keyState(apiKey, Date.now());
  const states = {
    active: t('developer.active'),
    expired: t('developer.expired'),
    revoked: t('developer.revoked'),
  };
  return (
    <li data-state={state}>
      <div>
        <Text fw={550}>{apiKey.name}</Text>
        <Text size="sm" c="dimmed" component="div">
          <code>{apiKey.prefix}…</code> · {states[state]} ·{' '}
          {apiKey.lastUsed === null ? (
            t('developer.neverUsed')
          ) : (
            <>
              {t('developer.lastUsed')} <Moment at={apiKey.lastUsed} />
            </>
          )}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {apiKey.monthlyBudgetEur === '' ? (
            t('developer.noBudget')
          ) : (
            <>
              {t('developer.perMonth')} <Money amount={apiKey.monthlyBudgetEur} />
            </>
          )}
          {' · '}
          {apiKey.models.length === 0 ? t('developer.allModels') : format.list(apiKey.models)}
          {apiKey.expires !== null && (
            <>
              {' · '}
              {t('developer.until', { at: format.dateTime(apiKey.expires) })}
            </>
          )}
        </Text>
        <KeyLimits apiKey={apiKey} />
      </div>
      {state === 'active' && (
        <Button
          variant="default"
          size="xs"
          aria-label={t('developer.revokeNamed', { name: apiKey.name })}
          onClick={() => onRevoke(apiKey)}
        >
          {t('developer.revoke')}
        </Button>
      )}
    </li>
  );
}

/** What an admin, or whoever made the key, has limited it to: programs that are refused for it shall not have to guess. */
function KeyLimits({ apiKey }: { apiKey: OwnKey }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { requestsPerMinute, tokensPerMinute, parallelRequests } = apiKey;
  const words = (count: number) => ({ count, size: format.number(count) });
  const limits = [
    requestsPerMinute > 0 && t('developer.requestsPerMinute', words(requestsPerMinute)),
    tokensPerMinute > 0 && t('developer.tokensPerMinute', words(tokensPerMinute)),
    parallelRequests > 0 && t('developer.parallelRequests', words(parallelRequests)),
  ].filter((limit) => limit !== false);
  if (limits.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('developer.atMost', { limits: format.list(limits) })}
    </Text>
  );
}

function Revocation({ apiKey, onClose }: { apiKey: OwnKey; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const { revoke } = useOwnKeyChanges();
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{t('developer.revokeTitle', { name: apiKey.name })}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>{t('developer.revokeText')}</Text>
        {revoke.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('developer.notRevoked', { why: failureWords(revoke.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button
            color="red.8"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(apiKey.id, { onSuccess: onClose })}
          >
            {t('developer.revoke')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
