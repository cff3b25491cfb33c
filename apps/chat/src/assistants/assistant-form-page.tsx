import type { Assistant } from '@cloudfreedom/contracts';
import { ErrorState } from '@cloudfreedom/ui';
import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { AssistantForm } from './assistant-form.tsx';
import { useAssistant } from './assistants.queries.ts';
import '../usage/usage.css';

/** Makes an assistant, or changes an own one. */
export default function AssistantFormPage() {
  const { t } = useTranslation('app');
  const { assistantId } = useParams();
  const known = useAssistant(assistantId ?? null);
  const title = assistantId === undefined ? t('assistants.newTitle') : t('assistants.editTitle');
  useEffect(() => {
    document.title = t('title.conversation', { title });
  }, [t, title]);
  return (
    <div className="chat-page">
      <Stack gap="lg" className="chat-page-column">
        <div>
          <Anchor component={Link} to="/assistants" size="sm">
            {t('assistants.title')}
          </Anchor>
          <Title order={1}>{title}</Title>
        </div>
        {assistantId === undefined ? (
          <AssistantForm key="new" known={null} />
        ) : known.data ? (
          <OwnOnly known={known.data} />
        ) : known.isError ? (
          <ErrorState error={known.error} onRetry={() => void known.refetch()} />
        ) : (
          <Skeleton height={320} radius="md" />
        )}
      </Stack>
    </div>
  );
}

function OwnOnly({ known }: { known: Assistant }) {
  const { t } = useTranslation('app');
  if (!known.own) return <Text>{t('assistants.notYours')}</Text>;
  return <AssistantForm key={known.id} known={known} />;
}
