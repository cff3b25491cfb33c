import { Title } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';

/** The page's heading, and the same words as the document's title. */
export function PageTitle({ children }: { children: string }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const title = t('title.page', { page: children, tenant: tenant.name });
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = t('title.bare');
    };
  }, [title, t]);
  return (
    // As high as the buttons beside it: the same place on every page, whether it has some or not.
    <Title order={1} size="h2" lh="36px">
      {children}
    </Title>
  );
}
