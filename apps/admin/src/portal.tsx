import { SignInGate, usePerson } from '@cloudfreedom/ui';
import { type ComponentType, lazy, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { NotAdmitted } from './shell/not-admitted.tsx';
import { PageNotFound } from './shell/page-not-found.tsx';
import { PortalShell } from './shell/portal-shell.tsx';

const PAUSE_MS = 1_000;
const fetchPages: (() => Promise<unknown>)[] = [];

/** A page is fetched when it is opened, if not before; where the network was gone at that moment, once more. */
function page<Name extends string>(fetchPage: () => Promise<Record<Name, ComponentType>>, name: Name) {
  fetchPages.push(fetchPage);
  return lazy(async () => {
    const part = await fetchPage().catch(async () => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return fetchPage();
    });
    return { default: part[name] };
  });
}

const ContentLogPage = page(() => import('./content-log/content-log-page.tsx'), 'ContentLogPage');
const KeysPage = page(() => import('./keys/keys-page.tsx'), 'KeysPage');
const ModelsPage = page(() => import('./models/models-page.tsx'), 'ModelsPage');
const OverviewPage = page(() => import('./overview/overview-page.tsx'), 'OverviewPage');
const PeoplePage = page(() => import('./people/people-page.tsx'), 'PeoplePage');
const PersonPage = page(() => import('./people/person-page.tsx'), 'PersonPage');
const PricesPage = page(() => import('./prices/prices-page.tsx'), 'PricesPage');
const ProductsPage = page(() => import('./products/products-page.tsx'), 'ProductsPage');
const ProviderKeysPage = page(() => import('./provider-keys/provider-keys-page.tsx'), 'ProviderKeysPage');
const RequestsPage = page(() => import('./budget-requests/requests-page.tsx'), 'RequestsPage');
const TenantsPage = page(() => import('./tenants/tenants-page.tsx'), 'TenantsPage');
const AuditPage = page(() => import('./audit/audit-page.tsx'), 'AuditPage');
const ErrorsPage = page(() => import('./usage/errors-page.tsx'), 'ErrorsPage');
const UsagePage = page(() => import('./usage/usage-page.tsx'), 'UsagePage');

export function Portal() {
  const { t } = useTranslation('app');
  return (
    <SignInGate app={t('app')} pitch={t('pitch')}>
      <AdminsOnly />
    </SignInGate>
  );
}

/** One page after the other, while there is nothing else to do: a page that is opened then only has to ask for its rows. */
function usePagesAhead(isAdmitted: boolean) {
  useEffect(() => {
    let left = !isAdmitted;
    const fetchAll = async () => {
      for (const fetchPage of fetchPages) {
        await new Promise<void>((resolve) => whenIdle(resolve));
        if (left) return;
        await fetchPage().catch(() => undefined);
      }
    };
    void fetchAll();
    return () => {
      left = true;
    };
  }, [isAdmitted]);
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work);
  else setTimeout(work, PAUSE_MS);
}

/** Admission is decided by the services at every request; this only spares people a portal full of refusals. */
function AdminsOnly() {
  const person = usePerson();
  usePagesAhead(person.role !== 'member');
  if (person.role === 'member') return <NotAdmitted />;
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to={`/tenants/${person.tenantId}/overview`} replace />} />
        <Route path="/tenants/:tenantId" element={<PortalShell />}>
          <Route index element={<Navigate to="overview" replace />} />
          <Route path="overview" element={<OverviewPage />} />
          <Route path="people" element={<PeoplePage />} />
          <Route path="people/:personId" element={<PersonPage />} />
          <Route path="requests" element={<RequestsPage />} />
          <Route path="keys" element={<KeysPage />} />
          <Route path="models" element={<ModelsPage />} />
          <Route path="provider-keys" element={<ProviderKeysPage />} />
          {person.role === 'platform_admin' && <Route path="prices" element={<PricesPage />} />}
          <Route path="products" element={<ProductsPage />} />
          <Route path="content-log" element={<ContentLogPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="usage" element={<UsagePage />} />
          <Route path="usage/errors" element={<ErrorsPage />} />
          {person.role === 'platform_admin' && <Route path="tenants" element={<TenantsPage />} />}
          <Route path="*" element={<PageNotFound />} />
        </Route>
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
    </BrowserRouter>
  );
}
