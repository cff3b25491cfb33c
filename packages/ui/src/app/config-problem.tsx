import { Container, List, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Brand } from './brand.tsx';

/** Shown instead of the app where `/config.json` is missing or wrong. */
export function ConfigProblem({ faults }: { faults: string[] }) {
  const { t } = useTranslation('ui');
  return (
    <Container component="main" size={560} py={96}>
      <Stack gap="lg">
        <Brand />
        <Title order={1} size="h2">
          {t('config.title')}
        </Title>
        <Text>{faults.length === 0 ? t('config.missing') : t('config.wrong')}</Text>
        {faults.length > 0 && (
          <List>
            {faults.map((fault) => (
              <List.Item key={fault}>
                <Text ff="monospace" size="sm">
                  {fault}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Container>
  );
}
