import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileDrop } from './file-drop.tsx';
import { useImport } from './import.queries.ts';
import { ImportResult } from './import-report.tsx';

/** A button, and behind it: choose a file, see what it would do, do it. */
export function ImportPeople() {
  const { t } = useTranslation(['app', 'ui']);
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={dialog.open}>
        {t('import.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        size="xl"
        centered
        title={<b>{t('import.title')}</b>}
        closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
      >
        <ImportSteps onClose={dialog.close} />
      </Modal>
    </>
  );
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const [file, setFile] = useState<File | null>(null);
  const work = useImport('people');
  const choose = (chosen: File) => {
    setFile(chosen);
    work.mutate({ file: chosen, dryRun: true });
  };
  const report = work.data;
  const writes = report?.status === 'checked' && report.created + report.changed > 0;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('import.text')}{' '}
        <code>email, name, tenant, product, role, status, locale, cost_centre, monthly_budget_eur</code>
      </Text>
      {report?.status !== 'applied' && <FileDrop file={file} onFile={choose} />}
      {work.isPending && (
        <Group gap="xs" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{work.variables.dryRun ? t('import.checking') : t('import.applying')}</Text>
        </Group>
      )}
      {work.isError && (
        <Alert color="red" variant="light" role="alert">
          {failureWords(work.error)}
        </Alert>
      )}
      {report && !work.isPending && <ImportResult report={report} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {report?.status === 'applied' ? t('ui:actions.close') : t('ui:actions.cancel')}
        </Button>
        {writes && file && (
          <Button loading={work.isPending} onClick={() => work.mutate({ file, dryRun: false })}>
            {t('import.confirm', { count: report.created + report.changed })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
