import { ErrorState } from '@cloudfreedom/ui';
import { Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../keys/api-key.ts';
import { KeyCards } from '../keys/key-list.tsx';
import { useKeysOf } from '../keys/keys.queries.ts';
import { Revocation } from '../keys/revocation.tsx';
import type { TenantPerson } from './person.ts';

/** Somebody's API keys, the newest first. */
export function PersonKeys({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const keys = useKeysOf(person.tenantId, person.id);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  if (keys.isError && !keys.data) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />;
  if (!keys.data) return <Skeleton height={64} aria-busy />;
  if (keys.data.length === 0) return <Text c="dimmed">{t('person.noKeys')}</Text>;
  return (
    <>
      <KeyCards keys={keys.data} onRevoke={setAsked} isOneOwner />
      <Revocation asked={asked} onClose={() => setAsked(null)} />
    </>
  );
}
