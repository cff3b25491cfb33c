import { Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { LegalLinks } from '../app/legal-links.tsx';

const AccountMenu = lazy(() => import('./account-menu.tsx'));

/** Who is signed in, with language, appearance and sign-out behind it, and the links that every page has to have below. Menus are heavy: loaded after the page. `children`: the app's own menu items. */
export function Account({ children }: { children?: ReactNode }) {
  return (
    <>
      <Suspense fallback={<Skeleton height={52} />}>
        <AccountMenu>{children}</AccountMenu>
      </Suspense>
      <div className="cf-account-foot">
        <LegalLinks />
      </div>
    </>
  );
}
