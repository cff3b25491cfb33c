import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageTitle } from './page-title.tsx';

export function PageNotFound() {
  const { t } = useTranslation('app');
  return (
    <Stack gap="md" align="flex-start">
      <PageTitle>{t('notFound.title')}</PageTitle>
      <Text c="dimmed">{t('notFound.text')}</Text>
      <Button component={Link} to="/" variant="default">
        {t('notFound.back')}
      </Button>
    </Stack>
  );
}
