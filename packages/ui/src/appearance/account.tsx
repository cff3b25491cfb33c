import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

const AccountMenu = lazy(() => import('./account-menu.tsx'));

/** Who is signed in, with language, appearance and sign-out behind it. Menus are heavy: loaded after the page. */
export function Account() {
  return (
    <Suspense fallback={<Skeleton height={52} />}>
      <AccountMenu />
    </Suspense>
  );
}
