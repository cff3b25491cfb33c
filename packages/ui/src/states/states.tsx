import { Button, Stack, Text, Title } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from './failure-words.ts';

/** Something could not be loaded: why, and a way to try again. `level`: 1 where it is the whole page. */
export function ErrorState({ error, level = 2, onRetry }: { error: unknown; level?: 1 | 2; onRetry?: () => void }) {
  const { t } = useTranslation('ui');
  const words = useFailureWords();
  return (
    <Stack align="center" gap="sm" className="cf-state" role="alert">
      <IconCloudOff size={28} stroke={1.5} className="cf-state-icon" aria-hidden />
      <Title order={level} size="h3">
        {t('failure.title')}
      </Title>
      <Text c="dimmed" ta="center" maw={440}>
        {words(error)}
      </Text>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('actions.retry')}
        </Button>
      )}
    </Stack>
  );
}

/** There is nothing here yet: why, and what to do. `level`: 1 where it is the whole page. */
export function EmptyState(props: {
  icon: ReactNode;
  title: string;
  text?: string;
  level?: 1 | 2;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" gap="sm" className="cf-state">
      <span className="cf-state-icon" aria-hidden>
        {props.icon}
      </span>
      <Title order={props.level ?? 2} size="h3" ta="center">
        {props.title}
      </Title>
      {props.text && (
        <Text c="dimmed" ta="center" maw={440}>
          {props.text}
        </Text>
      )}
      {props.children}
    </Stack>
  );
}
