import { Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { LegalLinks } from '../app/legal-links.tsx';

const AccountMenu = lazy(() => import('./account-menu.tsx'));

/** Who is signed in, with language, appearance and sign-out behind it, and the links that every page has to have below. Menus are heavy: loaded after the page. `pages`: the app's own pages, first; `children`: what else one may do with the account. */
export function Account({ pages, children }: { pages?: ReactNode; children?: ReactNode }) {
  return (
    <>
      <Suspense fallback={<Skeleton height={52} />}>
        <AccountMenu pages={pages}>{children}</AccountMenu>
      </Suspense>
      <div className="cf-account-foot">
        <LegalLinks />
      </div>
    </>
  );
}
