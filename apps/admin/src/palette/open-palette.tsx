import { Button } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './open-palette.css';

const Palette = lazy(() => import('./palette.tsx'));

/** The button of the command palette; Ctrl or Cmd and K open it from everywhere. Its code comes when it is first opened. */
export function OpenPalette({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('app');
  const [opened, palette] = useDisclosure(false);
  const [wanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    palette.open();
  };
  useHotkeys([['mod+K', open]], [], true);
  return (
    <>
      <Button
        variant="default"
        fullWidth
        justify="space-between"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<span aria-hidden>{t('palette.keys')}</span>}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={open}
      >
        {t('palette.open')}
      </Button>
      <Suspense>{wanted && <Palette tenantId={tenantId} opened={opened} onClose={palette.close} />}</Suspense>
    </>
  );
}
