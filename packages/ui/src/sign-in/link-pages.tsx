import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import { type ComponentType, lazy, Suspense } from 'react';
import type { LinkPageProps } from './link-page.ts';

const PAGES: Record<string, ComponentType<LinkPageProps>> = {
  [SIGN_IN_PATHS.forgotPassword]: lazy(() => import('./forgot-password-page.tsx')),
  [SIGN_IN_PATHS.resetPassword]: lazy(() => import('./reset-password-page.tsx')),
  [SIGN_IN_PATHS.verifyEmail]: lazy(() => import('./verify-email-page.tsx')),
  [SIGN_IN_PATHS.confirmEmail]: lazy(() => import('./confirm-email-page.tsx')),
  [SIGN_IN_PATHS.acceptInvitation]: lazy(() => import('./accept-invitation-page.tsx')),
  [SIGN_IN_PATHS.provider]: lazy(() => import('./provider-page.tsx')),
  [SIGN_IN_PATHS.providerReturn]: lazy(() => import('./provider-return-page.tsx')),
};

export const isLinkPage = (path: string): boolean => path in PAGES;

export function LinkPage({ app }: { app: string }) {
  const { pathname, search } = window.location;
  const Page = PAGES[pathname];
  if (!Page) return null;
  return (
    <Suspense>
      <Page app={app} params={new URLSearchParams(search)} />
    </Suspense>
  );
}
