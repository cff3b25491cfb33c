import { Anchor, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import './usage.css';
import { useFailureGroups } from './usage.queries.ts';
import { FAILURE_NAMES, filterQuery, type LogFilter } from './usage-filter.ts';
import { partOf } from './use-log-filter.ts';

/**
 * Requests of the same selection that got no answer: nobody should look for them in vain. Nothing where there are none.
 * Asked for when the rows beside it are there (`isThere`): they are what the page was opened for.
 */
export function Unanswered({ filter, isThere = true }: { filter: LogFilter; isThere?: boolean }) {
  const { t } = useTranslation('app');
  const { id } = useTenantOnShow();
  const asked = useMemo(() => partOf(filter, FAILURE_NAMES), [filter]);
  const groups = useFailureGroups(id, asked, isThere);
  const count = (groups.data ?? [])
    .filter(({ outcome }) => outcome === null)
    .reduce((sum, { requests }) => sum + requests, 0);
  if (count === 0) return null;
  return (
    <Text size="sm" role="note" className="usage-blocked">
      {t('usage.blocked', { count })}{' '}
      <Anchor component={Link} to={`/tenants/${id}/usage/errors?${filterQuery(asked)}`} inherit underline="always">
        {t('usage.blockedWhy')}
      </Anchor>
    </Text>
  );
}
