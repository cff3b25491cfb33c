import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { FAILURE_NAMES, filterQuery, type LogFilter, USAGE_NAMES } from './usage-filter.ts';
import { partOf } from './use-log-filter.ts';

/** Between what was charged and what failed; what both know of the filter goes along. */
export function UsageViews({ filter }: { filter: LogFilter }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const both = filterQuery(
    partOf(
      filter,
      FAILURE_NAMES.filter((name) => (USAGE_NAMES as string[]).includes(name)),
    ),
  );
  const base = `/tenants/${tenant.id}/usage`;
  return (
    <nav className="usage-views" aria-label={t('usage.views')}>
      <NavLink end to={`${base}?${both}`}>
        {t('usage.requests')}
      </NavLink>
      <NavLink end to={`${base}/errors?${both}`}>
        {t('usage.errors')}
      </NavLink>
    </nav>
  );
}
