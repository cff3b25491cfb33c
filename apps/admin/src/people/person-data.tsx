import { billingExport, erasureResponse, personExport } from '@cloudfreedom/contracts';
import { saveJson, useApp, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TenantPerson } from './person.ts';

function useDownloadPerson(personId: string) {
  const { config, session } = useApp();
  return useMutation({
    mutationFn: async () => {
      const [directory, billing] = await Promise.all([
        session.pocketbase
          .send(`/api/people/${personId}/export`, { method: 'GET' })
          .then((answer) => personExport.parse(answer)),
        session.services.json(billingExport, `${config.billingUrl}/v1/people/${personId}/export`),
      ]);
      saveJson(`person-${personId}.json`, { directory, billing });
    },
  });
}

function useErasePerson(person: TenantPerson, onErased: () => void) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      erasureResponse.parse(
        await session.pocketbase.send(`/api/people/${person.id}/erasure`, { method: 'POST', body: {} }),
      ),
    onSuccess: async () => {
      onErased();
      await queries.invalidateQueries({ queryKey: ['people', person.tenantId] });
    },
  });
}

/** What is kept of somebody, without chats and answers, which are theirs alone; and their erasure. */
export function PersonData({ person, onErased }: { person: TenantPerson; onErased: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const [opened, question] = useDisclosure(false);
  const download = useDownloadPerson(person.id);
  const erase = useErasePerson(person, onErased);
  const { name } = person;
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        {t('person.dataText')}
      </Text>
      <Group gap="xs">
        <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
          {t('person.download')}
        </Button>
        <Button variant="default" className="portal-danger" onClick={question.open}>
          {t('person.erase')}
        </Button>
      </Group>
      {download.isError && <Failure text={t('person.downloadFailed', { why: failureWords(download.error) })} />}
      <Modal
        opened={opened}
        onClose={question.close}
        centered
        title={<b>{t('person.eraseTitle', { name })}</b>}
        closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
      >
        <Stack gap="md">
          <Text>{t('person.eraseGoes')}</Text>
          <Text>{t('person.eraseStays')}</Text>
          {erase.isError && <Failure text={erase.error.message} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={question.close} data-autofocus>
              {t('ui:actions.cancel')}
            </Button>
            <Button color="red.8" loading={erase.isPending} onClick={() => erase.mutate()}>
              {t('person.eraseConfirm')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

function Failure({ text }: { text: string }) {
  return (
    <Alert color="red" variant="light" role="alert">
      {text}
    </Alert>
  );
}
