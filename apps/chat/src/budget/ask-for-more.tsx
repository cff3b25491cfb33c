import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCoin } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const RequestMoreDialog = lazy(() => import('./request-more-dialog.tsx'));

/** Where a budget is short: asks the admins for more. */
export function AskForMore() {
  const { t } = useTranslation('app');
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconCoin size={15} aria-hidden />} onClick={dialog.open}>
        {t('more.open')}
      </Button>
      {opened && (
        <Suspense>
          <RequestMoreDialog onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
