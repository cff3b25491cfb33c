import { SignInGate, usePerson } from '@cloudfreedom/ui';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { NotAdmitted } from './shell/not-admitted.tsx';
import { PageNotFound } from './shell/page-not-found.tsx';
import { PortalShell } from './shell/portal-shell.tsx';

const KeysPage = lazy(async () => ({ default: (await import('./keys/keys-page.tsx')).KeysPage }));
const ModelsPage = lazy(async () => ({ default: (await import('./models/models-page.tsx')).ModelsPage }));
const OverviewPage = lazy(async () => ({ default: (await import('./overview/overview-page.tsx')).OverviewPage }));
const PeoplePage = lazy(async () => ({ default: (await import('./people/people-page.tsx')).PeoplePage }));
const PersonPage = lazy(async () => ({ default: (await import('./people/person-page.tsx')).PersonPage }));
const PricesPage = lazy(async () => ({ default: (await import('./prices/prices-page.tsx')).PricesPage }));
const ProductsPage = lazy(async () => ({ default: (await import('./products/products-page.tsx')).ProductsPage }));
const ProviderKeysPage = lazy(async () => ({
  default: (await import('./provider-keys/provider-keys-page.tsx')).ProviderKeysPage,
}));
const RequestsPage = lazy(async () => ({
  default: (await import('./budget-requests/requests-page.tsx')).RequestsPage,
}));
const TenantsPage = lazy(async () => ({ default: (await import('./tenants/tenants-page.tsx')).TenantsPage }));
const AuditPage = lazy(async () => ({ default: (await import('./audit/audit-page.tsx')).AuditPage }));
const ErrorsPage = lazy(async () => ({ default: (await import('./usage/errors-page.tsx')).ErrorsPage }));
const UsagePage = lazy(async () => ({ default: (await import('./usage/usage-page.tsx')).UsagePage }));

export function Portal() {
  const { t } = useTranslation('app');
  return (
    <SignInGate app={t('app')} pitch={t('pitch')}>
      <AdminsOnly />
    </SignInGate>
  );
}

/** Admission is decided by the services at every request; this only spares people a portal full of refusals. */
function AdminsOnly() {
  const person = usePerson();
  if (person.role === 'member') return <NotAdmitted email={person.email} />;
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
