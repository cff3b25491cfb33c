import { EmptyState, ErrorState, usePerson } from '@cloudfreedom/ui';
import { Skeleton, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { FIRST_PAGE, type PageAddress, pageChange, readPageAddress } from '../records/newest-first.ts';
import { Paging } from '../records/paging.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useAddress } from '../usage/use-log-filter.ts';
import './audit.css';
import { useAudit } from './audit.queries.ts';
import { AuditEntry } from './audit-entry.tsx';
import { type AuditFilter, readAuditFilter } from './audit-filter.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { useAuditNames } from './audit-names.ts';
import { useAuditWords } from './words.ts';

const SKELETON_ROWS = 6;

/** Who changed what, when and from where, with what was there before. */
export function AuditPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { role } = usePerson();
  const { address, change } = useAddress();
  const { filter, at } = useMemo(() => {
    const params = new URLSearchParams(address);
    return { filter: readAuditFilter(params), at: readPageAddress(params) };
  }, [address]);
  const audit = useAudit(tenant.id, filter, at);
  return (
    <Stack gap="lg">
      <PageTitle>{t('nav.audit')}</PageTitle>
      <AuditFilterBar
        filter={filter}
        ofPlatform={role === 'platform_admin'}
        onChange={(changes) => change({ ...changes, ...FIRST_PAGE })}
      />
      {audit.isError && !audit.data ? (
        <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
      ) : (
        <Entries audit={audit} filter={filter} at={at} onPage={change} />
      )}
    </Stack>
  );
}

interface EntriesProps {
  audit: ReturnType<typeof useAudit>;
  filter: AuditFilter;
  at: PageAddress;
  onPage: (changes: Record<string, string | null>) => void;
}

function Entries({ audit, filter, at, onPage }: EntriesProps) {
  const { t } = useTranslation('app');
  const { data } = audit;
  const { nameOf, isPending } = useAuditNames(data?.rows ?? []);
  const words = useAuditWords();
  if (!data)
    return (
      <Stack gap="md" aria-busy>
        {Array.from({ length: SKELETON_ROWS }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else to be told apart by
          <Skeleton key={row} height={72} />
        ))}
      </Stack>
    );
  if (data.rows.length === 0 && at.page === 1)
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
        {data.rows.map((row) => (
          <li key={row.id}>
            <AuditEntry row={row} nameOf={nameOf} isPending={isPending} words={words} />
          </li>
        ))}
      </ol>
      <Paging
        page={at.page}
        mayHaveMore={data.mayHaveMore}
        isLoading={audit.isPlaceholderData}
        said={data.mayHaveMore ? ' ' : t('errors.end')}
        onPage={(page) => onPage(pageChange(at.page, page, data))}
      />
    </div>
  );
}
