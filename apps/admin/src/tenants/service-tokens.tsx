import { ErrorState, Moment, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Badge, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Question } from '../records/question.tsx';
import { SecretOnce } from '../records/secret-once.tsx';
import { useServiceTokenChanges, useServiceTokens } from './tenants.queries.ts';

interface ServiceToken {
  id: string;
  name: string;
  createdAt: string;
  revokedAt: string | null;
}

/** What the tenant's proxy and chat show to billing: made here, seen once, revoked when a newer one is in use. */
export function ServiceTokens({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('app');
  const tokens = useServiceTokens(tenantId);
  const { revoke } = useServiceTokenChanges(tenantId);
  const [asked, setAsked] = useState<ServiceToken | null>(null);
  if (tokens.isError && !tokens.data) return <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />;
  if (!tokens.data) return <Skeleton height={96} />;
  const confirm = () => asked && revoke.mutate(asked.id, { onSuccess: () => setAsked(null) });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('tokens.text')}
      </Text>
      <NewToken tenantId={tenantId} />
      {tokens.data.items.length === 0 ? (
        <Text size="sm">{t('tokens.empty')}</Text>
      ) : (
        <ul className="portal-panel portal-cards" aria-label={t('tokens.title')}>
          {tokens.data.items.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setAsked(token)} />
          ))}
        </ul>
      )}
      <Question
        opened={asked !== null}
        title={t('tokens.revokeTitle', { name: asked?.name ?? '' })}
        text={t('tokens.revokeText')}
        action={t('tokens.revoke')}
        dangerous
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={confirm}
        onClose={() => setAsked(null)}
      />
    </Stack>
  );
}

function TokenRow({ token, onRevoke }: { token: ServiceToken; onRevoke: () => void }) {
  const { t } = useTranslation('app');
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Stack gap={0} className="portal-card-name">
          <Text fw={550} truncate>
            {token.name}
          </Text>
          <Text size="sm" c="dimmed">
            {t('tokens.created')} <Moment at={token.createdAt} />
          </Text>
        </Stack>
        {token.revokedAt ? (
          <Badge color="gray" variant="light" tt="none">
            {t('tokens.revoked')}
          </Badge>
        ) : (
          <Button
            variant="default"
            size="xs"
            className="portal-danger"
            aria-label={t('tokens.revokeOf', { name: token.name })}
            onClick={onRevoke}
          >
            {t('tokens.revoke')}
          </Button>
        )}
      </Group>
    </li>
  );
}

function NewToken({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  const { create } = useServiceTokenChanges(tenantId);
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') create.mutate(name.trim(), { onSuccess: () => setName('') });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group gap="sm" align="flex-start" wrap="nowrap">
          <TextInput
            className="portal-grow"
            aria-label={t('tokens.name')}
            placeholder={t('tokens.namePlaceholder')}
            maxLength={80}
            autoComplete="off"
            value={name}
            error={missing && t('fault.required')}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setMissing(false);
            }}
          />
          <Button type="submit" variant="default" loading={create.isPending}>
            {t('tokens.create')}
          </Button>
        </Group>
        {create.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(create.error) })}
          </Alert>
        )}
        {create.data && <SecretOnce title={t('tokens.createdTitle')} secret={create.data.token} />}
      </Stack>
    </form>
  );
}
