import { EmptyState, ErrorState, useFormat, usePerson } from '@cloudfreedom/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { FIRST_PAGE, pageChange, readPageAddress } from '../records/newest-first.ts';
import { Paging } from '../records/paging.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { AccountDialog } from './account-dialog.tsx';
import { type ApiKey, KEY_STATES } from './api-key.ts';
import { KeyFilters } from './key-filters.tsx';
import { KeyDialog } from './key-form.tsx';
import { KeyCards, KeyTable } from './key-list.tsx';
import { KeyPanel } from './key-panel.tsx';
import { type KeyFilter, useApiKeys, useKeyCount } from './keys.queries.ts';
import { Revocation } from './revocation.tsx';

/** All API keys of a tenant: whose, when last used, with which limits. What narrows them down is in the address. */
export function KeysPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const mayMakeAccounts = usePerson().role === 'platform_admin';
  const [params, setParams] = useSearchParams();
  const filter = readKeyFilter(params);
  const at = readPageAddress(params);
  const keys = useApiKeys(tenant.id, filter, at);
  const count = useKeyCount(tenant.id, filter).data;
  const change = (changes: Record<string, string | null>) =>
    setParams(
      (known) => {
        for (const [name, value] of Object.entries(changes)) {
          if (value) known.set(name, value);
          else known.delete(name);
        }
        return known;
      },
      { replace: true },
    );
  const [makingAccount, makeAccount] = useDisclosure(false);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const format = useFormat();
  const rows = keys.data?.keys;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.keys')}</PageTitle>
        <Group gap="sm">
          {mayMakeAccounts && (
            <Button variant="default" onClick={makeAccount.open}>
              {t('keys.newAccount')}
            </Button>
          )}
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ do: 'new' })}>
            {t('keys.new')}
          </Button>
        </Group>
      </Group>
      <KeyFilters filter={filter} onChange={(changes) => change({ ...changes, ...FIRST_PAGE })} />
      {keys.isError && !rows ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : rows?.length === 0 && at.page === 1 ? (
        <NoKeys isNarrowed={filter.search !== '' || filter.state !== ''} />
      ) : (
        <div className="portal-panel" aria-busy={keys.isPending || keys.isPlaceholderData}>
          {narrow && rows ? <KeyCards keys={rows} onRevoke={setAsked} /> : <KeyTable keys={rows} onRevoke={setAsked} />}
          {keys.data && (
            <Paging
              page={at.page}
              pages={count?.pages}
              mayHaveMore={keys.data.mayHaveMore}
              isLoading={keys.isPlaceholderData}
              said={count ? t('keys.count', { count: count.total, number: format.number(count.total) }) : ' '}
              onPage={(page) => change(pageChange(at.page, page, keys.data))}
            />
          )}
        </div>
      )}
      <KeyDialog opened={params.get('do') === 'new'} onClose={() => change({ do: null })} />
      <KeyPanel keyId={params.get('record')} onClose={() => change({ record: null })} />
      <AccountDialog opened={makingAccount} onClose={makeAccount.close} />
      <Revocation asked={asked} onClose={() => setAsked(null)} />
    </Stack>
  );
}

function readKeyFilter(params: URLSearchParams): KeyFilter {
  return {
    search: params.get('q')?.trim() ?? '',
    state: KEY_STATES.find((state) => state === params.get('state')) ?? '',
  };
}

function NoKeys({ isNarrowed }: { isNarrowed: boolean }) {
  const { t } = useTranslation('app');
  return (
    <EmptyState
      icon={<IconKey size={28} stroke={1.5} />}
      title={isNarrowed ? t('keys.noMatch') : t('keys.empty')}
      text={isNarrowed ? t('keys.noMatchText') : t('keys.emptyText')}
    />
  );
}
