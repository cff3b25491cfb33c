import { ErrorState } from '@cloudfreedom/ui';
import { Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBudgetRequests } from '../budget-requests/budget-requests.queries.ts';
import { RequestList } from '../budget-requests/request-list.tsx';
import type { TenantPerson } from './person.ts';

/** What somebody asked for, and what became of it. */
export function PersonRequests({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const requests = useBudgetRequests(person.tenantId, { subjectId: person.id });
  if (requests.isError && !requests.data) {
    return <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />;
  }
  if (!requests.data) return <Skeleton height={64} aria-busy />;
  if (requests.data.length === 0) return <Text c="dimmed">{t('requests.noneOfPerson')}</Text>;
  return <RequestList requests={requests.data} label={t('person.requestsTitle')} ofOnePerson />;
}
