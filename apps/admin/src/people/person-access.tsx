import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useChangePerson } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

/** Suspend or reactivate, after a question that says what it does. */
export function PersonAccess({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [opened, question] = useDisclosure(false);
  const [done, setDone] = useState(false);
  const active = person.status === 'active';
  const change = useChangePerson(tenant.id, person);
  const confirm = () =>
    change.mutate(
      { status: active ? 'suspended' : 'active' },
      {
        onSuccess: () => {
          setDone(true);
          question.close();
        },
      },
    );
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        {active ? t('person.accessActive') : t('person.accessSuspended')}
      </Text>
      <Button variant="default" className={active ? 'portal-danger' : ''} onClick={question.open}>
        {active ? t('person.suspend') : t('person.reactivate')}
      </Button>
      <Text size="sm" className="portal-done" role="status">
        {done && t(active ? 'person.reactivated' : 'person.suspended', { name: person.name })}
      </Text>
      <Question
        person={person}
        opened={opened}
        busy={change.isPending}
        error={change.error}
        onConfirm={confirm}
        onClose={question.close}
      />
    </Stack>
  );
}

interface QuestionProps {
  person: TenantPerson;
  opened: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

function Question({ person, opened, busy, error, onConfirm, onClose }: QuestionProps) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const { name } = person;
  const active = person.status === 'active';
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      centered
      title={<b>{active ? t('person.suspendTitle', { name }) : t('person.reactivateTitle', { name })}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>{active ? t('person.suspendText') : t('person.reactivateText')}</Text>
        {error && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button {...(active ? { color: 'red.8' } : {})} loading={busy} onClick={onConfirm}>
            {active ? t('person.suspend') : t('person.reactivate')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
