import { Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { useChosenModel } from './models.queries.ts';

const ModelChoice = lazy(() => import('./model-choice.tsx'));

/** Which model answers next. */
export function ModelMenu({ choice }: { choice: ReturnType<typeof useChosenModel> }) {
  const { t } = useTranslation('app');
  const { models, chosen } = choice;
  if (!chosen || !models.data) {
    return (
      <Text size="sm" c="dimmed" px="xs">
        {models.isError ? t('models.loadFailed') : models.isSuccess ? t('models.none') : '…'}
      </Text>
    );
  }
  return (
    <Suspense fallback={<Text size="sm">…</Text>}>
      <ModelChoice models={models.data} chosen={chosen} choose={choice.choose} />
    </Suspense>
  );
}
