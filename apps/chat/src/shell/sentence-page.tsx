import { Brand, useApp } from '@cloudfreedom/ui';
import { Button, Container, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Instead of the chat: one sentence on why, and what to do. */
export function SentencePage({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation(['app', 'ui']);
  const { session } = useApp();
  return (
    <Container component="main" size={560} py={96}>
      <Stack gap="lg" align="flex-start">
        <Brand app={t('app')} />
        <Title order={1} size="h2">
          {title}
        </Title>
        <Text>{text}</Text>
        <Button variant="default" onClick={() => session.signOut()}>
          {t('ui:actions.signOut')}
        </Button>
      </Stack>
    </Container>
  );
}
