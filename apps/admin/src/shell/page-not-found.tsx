import { EmptyState } from '@cloudfreedom/ui';
import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function PageNotFound() {
  const { t } = useTranslation('app');
  return (
    <EmptyState icon={<IconMapQuestion size={28} stroke={1.5} />} title={t('notFound.title')} text={t('notFound.text')}>
      <Button component={Link} to="/" variant="default">
        {t('notFound.back')}
      </Button>
    </EmptyState>
  );
}
