import { Brand, useApp } from '@cloudfreedom/ui';
import { Button, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** For people who are signed in but no administrators. */
export function NotAdmitted({ email }: { email: string }) {
  const { t } = useTranslation(['app', 'ui']);
  const { session, config } = useApp();
  return (
    <Container component="main" size={560} py={96}>
      <Stack gap="lg" align="flex-start">
        <Brand app={t('app')} />
        <Title order={1} size="h2">
          {t('notAdmitted.title')}
        </Title>
        <Text>{t('notAdmitted.text', { email })}</Text>
        <Group gap="xs">
          {config.chatUrl !== null && (
            <Button component="a" href={config.chatUrl}>
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
