import { usePerson } from '@cloudfreedom/ui';
import { NavLink } from '@mantine/core';
import {
  IconBuilding,
  IconChartBar,
  IconCpu,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconMailQuestion,
  IconPackage,
  IconPlugConnected,
  IconReceipt,
  IconUsers,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

const ICONS = {
  overview: IconLayoutDashboard,
  people: IconUsers,
  requests: IconMailQuestion,
  usage: IconChartBar,
  keys: IconKey,
  products: IconPackage,
  models: IconCpu,
  'provider-keys': IconPlugConnected,
  audit: IconHistory,
  prices: IconReceipt,
  tenants: IconBuilding,
};
type Page = keyof typeof ICONS;
const PAGES: readonly Page[] = [
  'overview',
  'usage',
  'people',
  'requests',
  'keys',
  'products',
  'models',
  'provider-keys',
  'audit',
];
const PAGES_OF_PLATFORM: readonly Page[] = ['prices', 'tenants'];

/** The pages that the signed-in admin has, by name. */
export function usePages(tenantId: string): { page: Page; name: string; to: string }[] {
  const { t } = useTranslation('app');
  const { role } = usePerson();
  const names: Record<Page, string> = {
    overview: t('nav.overview'),
    people: t('nav.people'),
    requests: t('nav.requests'),
    usage: t('nav.usage'),
    keys: t('nav.keys'),
    products: t('nav.products'),
    models: t('nav.models'),
    'provider-keys': t('nav.providerKeys'),
    audit: t('nav.audit'),
    prices: t('nav.prices'),
    tenants: t('nav.tenants'),
  };
  const pages = role === 'platform_admin' ? [...PAGES, ...PAGES_OF_PLATFORM] : PAGES;
  return pages.map((page) => ({ page, name: names[page], to: `/tenants/${tenantId}/${page}` }));
}

/** Links to them. */
export function Pages({ tenantId, onNavigate }: { tenantId: string; onNavigate: () => void }) {
  const { pathname } = useLocation();
  return usePages(tenantId).map(({ page, name, to }) => {
    const Icon = ICONS[page];
    const active = pathname === to || pathname.startsWith(`${to}/`);
    return (
      <NavLink
        key={page}
        component={Link}
        to={to}
        active={active}
        aria-current={active ? 'page' : undefined}
        label={name}
        leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
        onClick={onNavigate}
        className="portal-nav"
      />
    );
  });
}
