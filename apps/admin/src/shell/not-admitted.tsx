import { tenantAddress } from '@cloudfreedom/contracts';
import { Brand, useApp, usePerson } from '@cloudfreedom/ui';
import { Button, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTenant } from '../tenants/tenant.queries.ts';

/** For people who are signed in but no administrators. */
export function NotAdmitted() {
  const { t } = useTranslation(['app', 'ui']);
  const { session, config } = useApp();
  const person = usePerson();
  const { data: tenant } = useTenant(person.tenantId);
  const chat = tenant ? tenantAddress('chat', config.chatUrl, tenant) : null;
  return (
    <Container component="main" size={560} py={96}>
      <Stack gap="lg" align="flex-start">
        <Brand app={t('app')} />
        <Title order={1} size="h2">
          {t('notAdmitted.title')}
        </Title>
        <Text>{t('notAdmitted.text', { email: person.email })}</Text>
        <Group gap="xs">
          {chat !== null && (
            <Button component="a" href={chat}>
              {t('notAdmitted.chat')}
            </Button>
          )}
          <Button variant="default" onClick={() => session.signOut()}>
            {t('ui:actions.signOut')}
          </Button>
        </Group>
      </Stack>
    </Container>
  );
}
