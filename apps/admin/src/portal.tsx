import { SignInGate, usePerson } from '@cloudfreedom/ui';
import { type ComponentType, lazy, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { NotAdmitted } from './shell/not-admitted.tsx';
import { PageNotFound } from './shell/page-not-found.tsx';
import { PortalShell } from './shell/portal-shell.tsx';

const PAUSE_MS = 1_000;
const fetchPages: (() => Promise<unknown>)[] = [];

interface PageProgram {
  /** Once it was fetched. */
  fetched: ComponentType | undefined;
  Later: ComponentType;
}

/** A page is fetched when it is opened, if not before; where the network was gone at that moment, once more. */
function page<Name extends string>(fetchPart: () => Promise<Record<Name, ComponentType>>, name: Name): ReactElement {
  const fetchPage = async () => {
    const fetched: ComponentType = (await fetchPart())[name];
    program.fetched = fetched;
    return { default: fetched };
  };
  const fetchAgain = async () => {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return fetchPage();
  };
  const program: PageProgram = { fetched: undefined, Later: lazy(() => fetchPage().catch(fetchAgain)) };
  fetchPages.push(fetchPage);
  return <Page key={name} program={program} />;
}

/** What was fetched is drawn at once, without waiting for it; whichever it is, it stays while the page is open. */
function Page({ program }: { program: PageProgram }) {
  const [Drawn] = useState(() => program.fetched ?? program.Later);
  return <Drawn />;
}

const contentLogPage = page(() => import('./content-log/content-log-page.tsx'), 'ContentLogPage');
const keysPage = page(() => import('./keys/keys-page.tsx'), 'KeysPage');
const modelsPage = page(() => import('./models/models-page.tsx'), 'ModelsPage');
const overviewPage = page(() => import('./overview/overview-page.tsx'), 'OverviewPage');
const peoplePage = page(() => import('./people/people-page.tsx'), 'PeoplePage');
const personPage = page(() => import('./people/person-page.tsx'), 'PersonPage');
const pricesPage = page(() => import('./prices/prices-page.tsx'), 'PricesPage');
const productsPage = page(() => import('./products/products-page.tsx'), 'ProductsPage');
const providerKeysPage = page(() => import('./provider-keys/provider-keys-page.tsx'), 'ProviderKeysPage');
const requestsPage = page(() => import('./budget-requests/requests-page.tsx'), 'RequestsPage');
const tenantsPage = page(() => import('./tenants/tenants-page.tsx'), 'TenantsPage');
const auditPage = page(() => import('./audit/audit-page.tsx'), 'AuditPage');
const errorsPage = page(() => import('./usage/errors-page.tsx'), 'ErrorsPage');
const usagePage = page(() => import('./usage/usage-page.tsx'), 'UsagePage');

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
  if (person.role === 'member') return <NotAdmitted email={person.email} />;
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to={`/tenants/${person.tenantId}/overview`} replace />} />
        <Route path="/tenants/:tenantId" element={<PortalShell />}>
          <Route index element={<Navigate to="overview" replace />} />
          <Route path="overview" element={overviewPage} />
          <Route path="people" element={peoplePage} />
          <Route path="people/:personId" element={personPage} />
          <Route path="requests" element={requestsPage} />
          <Route path="keys" element={keysPage} />
          <Route path="models" element={modelsPage} />
          <Route path="provider-keys" element={providerKeysPage} />
          {person.role === 'platform_admin' && <Route path="prices" element={pricesPage} />}
          <Route path="products" element={productsPage} />
          <Route path="content-log" element={contentLogPage} />
          <Route path="audit" element={auditPage} />
          <Route path="usage" element={usagePage} />
          <Route path="usage/errors" element={errorsPage} />
          {person.role === 'platform_admin' && <Route path="tenants" element={tenantsPage} />}
          <Route path="*" element={<PageNotFound />} />
        </Route>
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
    </BrowserRouter>
  );
}
