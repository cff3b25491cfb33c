import { EmptyState, ErrorState, usePerson } from '@cloudfreedom/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { AccountDialog } from './account-dialog.tsx';
import type { ApiKey } from './api-key.ts';
import { KeyDialog } from './key-form.tsx';
import { KeyCards, KeyTable } from './key-list.tsx';
import { useApiKeys } from './keys.queries.ts';
import { Revocation } from './revocation.tsx';

/** All API keys of a tenant: whose, when last used, with which limits. */
export function KeysPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const mayMakeAccounts = usePerson().role === 'platform_admin';
  const keys = useApiKeys(tenant.id);
  const [params, setParams] = useSearchParams();
  const [makingAccount, makeAccount] = useDisclosure(false);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const rows = keys.data?.pages.flatMap((page) => page.keys);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <PageTitle>{t('nav.keys')}</PageTitle>
        <Group gap="sm">
          {mayMakeAccounts && (
            <Button variant="default" onClick={makeAccount.open}>
              {t('keys.newAccount')}
            </Button>
          )}
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setParams({ do: 'new' }, { replace: true })}
          >
            {t('keys.new')}
          </Button>
        </Group>
      </Group>
      {keys.isError && !rows ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : rows?.length === 0 ? (
        <EmptyState icon={<IconKey size={28} stroke={1.5} />} title={t('keys.empty')} text={t('keys.emptyText')} />
      ) : (
        <div className="portal-panel" aria-busy={keys.isPending}>
          {narrow && rows ? <KeyCards keys={rows} onRevoke={setAsked} /> : <KeyTable keys={rows} onRevoke={setAsked} />}
          {keys.hasNextPage && (
            <Group justify="center" className="portal-panel-foot">
              <Button variant="default" loading={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>
                {t('usage.more')}
              </Button>
            </Group>
          )}
        </div>
      )}
      <KeyDialog opened={params.get('do') === 'new'} onClose={() => setParams({}, { replace: true })} />
      <AccountDialog opened={makingAccount} onClose={makeAccount.close} />
      <Revocation asked={asked} onClose={() => setAsked(null)} />
    </Stack>
  );
}
