import { EmptyState, ErrorState, usePerson } from '@cloudfreedom/ui';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useAddress } from '../usage/use-log-filter.ts';
import './audit.css';
import { useAudit } from './audit.queries.ts';
import { AuditEntry } from './audit-entry.tsx';
import { type AuditFilter, readAuditFilter } from './audit-filter.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { useAuditNames } from './audit-names.ts';

const SKELETON_ROWS = 6;

/** Who changed what, when and from where, with what was there before. */
export function AuditPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { role } = usePerson();
  const { address, change } = useAddress();
  const filter = useMemo(() => readAuditFilter(new URLSearchParams(address)), [address]);
  const audit = useAudit(tenant.id, filter);
  return (
    <Stack gap="lg">
      <PageTitle>{t('nav.audit')}</PageTitle>
      <AuditFilterBar filter={filter} ofPlatform={role === 'platform_admin'} onChange={change} />
      {audit.isError && !audit.data ? (
        <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
      ) : (
        <Entries audit={audit} filter={filter} />
      )}
    </Stack>
  );
}

function Entries({ audit, filter }: { audit: ReturnType<typeof useAudit>; filter: AuditFilter }) {
  const { t } = useTranslation('app');
  const pages = audit.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const { nameOf, isPending } = useAuditNames(pages);
  if (audit.isPending)
    return (
      <Stack gap="md" aria-busy>
        {Array.from({ length: SKELETON_ROWS }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else to be told apart by
          <Skeleton key={row} height={72} />
        ))}
      </Stack>
    );
  if (rows.length === 0)
    return (
      <EmptyState
        icon={<IconHistory size={28} stroke={1.5} />}
        title={t('audit.none')}
        text={Object.keys(filter).length > 0 ? t('audit.noneFiltered') : t('audit.noneText')}
      />
    );
  return (
    <div className="portal-panel" aria-busy={audit.isPlaceholderData}>
      <ol className="portal-list audit-list" aria-label={t('audit.list')}>
        {rows.map((row) => (
          <li key={row.id}>
            <AuditEntry row={row} nameOf={nameOf} isPending={isPending} />
          </li>
        ))}
      </ol>
      <Group justify="center" className="portal-panel-foot">
        {audit.hasNextPage ? (
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t('usage.more')}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {t('errors.end')}
          </Text>
        )}
      </Group>
    </div>
  );
}
