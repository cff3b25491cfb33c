import { Account, useFailureWords } from '@cloudfreedom/ui';
import { Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChartBar, IconCode, IconDownload, IconMessages, IconUserX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useExport } from '../conversations/export.queries.ts';
import { useDownloadOwnData } from './own-data.queries.ts';

const EraseOneselfDialog = lazy(() => import('./erase-oneself-dialog.tsx'));

/** The account with what one may do with one's own data. */
export default function OwnAccount() {
  const { t } = useTranslation('app');
  const [erasing, question] = useDisclosure(false);
  return (
    <>
      <Account
        pages={
          <>
            <Menu.Item component={Link} to="/usage" leftSection={<IconChartBar size={16} aria-hidden />}>
              {t('usage.open')}
            </Menu.Item>
            <Menu.Item component={Link} to="/developer" leftSection={<IconCode size={16} aria-hidden />}>
              {t('developer.open')}
            </Menu.Item>
          </>
        }
      >
        <DownloadItem />
        <ExportItems />
        <Menu.Item leftSection={<IconUserX size={16} aria-hidden />} onClick={question.open}>
          {t('account.erase')}
        </Menu.Item>
      </Account>
      {erasing && (
        <Suspense>
          <EraseOneselfDialog onClose={question.close} />
        </Suspense>
      )}
    </>
  );
}

function ExportItems() {
  const { t } = useTranslation('app');
  const { all } = useExport();
  return (['md', 'json'] as const).map((form) => (
    <Menu.Item key={form} leftSection={<IconMessages size={16} aria-hidden />} onClick={() => all.mutate(form)}>
      {form === 'md' ? t('account.chatsMarkdown') : t('account.chatsJson')}
    </Menu.Item>
  ));
}

function DownloadItem() {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  const download = useDownloadOwnData();
  return (
    <Menu.Item
      leftSection={<IconDownload size={16} aria-hidden />}
      closeMenuOnClick={false}
      disabled={download.isPending}
      onClick={() => download.mutate()}
    >
      <span aria-live="polite">
        {download.isError ? t('account.downloadFailed', { why: failureWords(download.error) }) : t('account.download')}
      </span>
    </Menu.Item>
  );
}
