import { Account, Boundary, Brand, ErrorState, usePerson } from '@cloudfreedom/ui';
import { Burger, Skeleton, Stack } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Suspense, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigationType, useParams } from 'react-router';
import { OpenPalette } from '../palette/open-palette.tsx';
import { useTenant } from '../tenants/tenant.queries.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { TenantContext } from '../tenants/tenant-context.ts';
import { Pages } from './pages.tsx';
import { TenantBanner } from './tenant-banner.tsx';
import { TenantSwitch } from './tenant-switch.tsx';

/** Navigation on the left, the tenant's page beside it. */
export function PortalShell() {
  const { t } = useTranslation('app');
  const { tenantId = '' } = useParams();
  const [opened, menu] = useDisclosure(false);
  const tenant = useTenant(tenantId);
  useTopOfPage();
  useHotkeys([['Escape', menu.close, { preventDefault: false }]]);
  return (
    <>
      <a className="cf-skip" href="#content">
        {t('skip')}
      </a>
      <div className="portal" data-menu={opened ? 'open' : 'closed'}>
        <header className="portal-header">
          <Burger opened={opened} onClick={menu.toggle} size="sm" aria-label={t('menu')} aria-expanded={opened} />
          <Brand app={t('app')} />
        </header>
        <aside className="portal-sidebar">
          <Sidebar tenantId={tenantId} tenant={tenant.data} onNavigate={menu.close} />
        </aside>
        <main id="content" tabIndex={-1} className="portal-main">
          {tenant.data && <TenantBanner tenant={tenant.data} />}
          <div className="portal-page">
            <TenantPage query={tenant} />
          </div>
        </main>
      </div>
    </>
  );
}

/** A page that somebody goes to begins at its top; who goes back finds the place where they were. */
function useTopOfPage(): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another page counts, not what opens on the same one
  useLayoutEffect(() => {
    if (how !== 'POP') window.scrollTo(0, 0);
  }, [pathname]);
}

function TenantPage({ query }: { query: ReturnType<typeof useTenant> }) {
  const { pathname } = useLocation();
  if (query.data) {
    return (
      <TenantContext value={query.data}>
        <Boundary place={pathname}>
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </Boundary>
      </TenantContext>
    );
  }
  if (query.isError) return <ErrorState level={1} error={query.error} onRetry={() => void query.refetch()} />;
  return <PageSkeleton />;
}

function PageSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Skeleton height={32} width={200} />
      <Skeleton height={180} />
      <Skeleton height={320} />
    </Stack>
  );
}

function Sidebar(props: { tenantId: string; tenant: Tenant | undefined; onNavigate: () => void }) {
  const { t } = useTranslation('app');
  const person = usePerson();
  return (
    <>
      <div className="portal-brand">
        <Brand app={t('app')} />
      </div>
      <TenantSwitch tenantId={props.tenantId} tenant={props.tenant} choosable={person.role === 'platform_admin'} />
      <div className="portal-open-palette">
        <OpenPalette tenantId={props.tenantId} />
      </div>
      <nav aria-label={t('nav.label')} className="portal-nav-area">
        <Pages tenantId={props.tenantId} onNavigate={props.onNavigate} />
      </nav>
      <div className="portal-account">
        <Account />
      </div>
    </>
  );
}
