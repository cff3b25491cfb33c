import { sharedConversation } from '@cloudfreedom/contracts';
import { ApiFailure, EmptyState, ErrorState, Moment } from '@cloudfreedom/ui';
import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { ThreadMessage } from '../thread/thread-message.tsx';
import { useConversationsAccess } from './conversations.queries.ts';

/** What a colleague shares: to read, nothing else. */
export default function SharedPage() {
  const { t } = useTranslation('app');
  const { shareId = '' } = useParams();
  const { services, conversationsUrl } = useConversationsAccess();
  const shared = useQuery({
    queryKey: ['shared', shareId],
    queryFn: ({ signal }) => services.json(sharedConversation, `${conversationsUrl}/v1/shares/${shareId}`, { signal }),
  });
  const title = shared.data?.title;
  useEffect(() => {
    document.title = title ? t('title.conversation', { title }) : t('title.bare');
  }, [title, t]);
  if (shared.error instanceof ApiFailure && [400, 404].includes(shared.error.status)) {
    return (
      <EmptyState
        icon={<IconLinkOff size={28} />}
        title={t('shared.overTitle')}
        level={1}
        text={t('shared.overText')}
      />
    );
  }
  if (shared.isError) return <ErrorState error={shared.error} onRetry={() => void shared.refetch()} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="chat-thread" aria-label={t('thread.label')} tabIndex={0}>
      <div className="chat-column">
        {shared.data ? (
          <>
            <header>
              <Title order={1} size="h2">
                {shared.data.title}
              </Title>
              <Text size="sm" c="dimmed" mt={4}>
                {shared.data.own ? t('shared.own') : t('shared.colleague')}, <Moment at={shared.data.sharedAt} />.{' '}
                {t('shared.readOnly')}
              </Text>
            </header>
            {shared.data.messages.map((message) => (
              <ThreadMessage
                key={message.id}
                message={{ ...message, chargeEur: null, reasoning: null, attachments: [] }}
              />
            ))}
          </>
        ) : (
          <Stack gap="lg" aria-busy>
            <Skeleton height={28} width="40%" />
            <Skeleton height={16} />
            <Skeleton height={16} width="80%" />
          </Stack>
        )}
      </div>
    </section>
  );
}
