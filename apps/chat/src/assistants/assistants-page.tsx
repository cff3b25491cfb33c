import type { AssistantSummary } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Box, Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconRobot, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type AskedOfAssistant, AssistantCard } from './assistant-card.tsx';
import { useAssistants } from './assistants.queries.ts';
import '../usage/usage.css';

const AssistantDialog = lazy(() => import('./assistant-dialog.tsx'));

const TYPING_MS = 200;

/** All assistants that one can use: one's own, and what colleagues share. */
export default function AssistantsPage() {
  const { t } = useTranslation('app');
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [asked, setAsked] = useState<AskedOfAssistant | null>(null);
  useEffect(() => {
    document.title = t('title.conversation', { title: t('assistants.title') });
  }, [t]);
  return (
    <div className="chat-page">
      <Stack gap="xl" className="chat-page-column">
        <Group justify="space-between" align="flex-end">
          <Box flex="1 1 300px">
            <Title order={1}>{t('assistants.title')}</Title>
            <Text c="dimmed">{t('assistants.text')}</Text>
          </Box>
          <Button component={Link} to="/assistants/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {t('assistants.new')}
          </Button>
        </Group>
        <TextInput
          type="search"
          maxLength={200}
          aria-label={t('assistants.search')}
          placeholder={t('assistants.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <AssistantSection whose="own" text={text} onAsk={setAsked} />
        <AssistantSection whose="others" text={text} onAsk={setAsked} />
      </Stack>
      <Suspense>{asked && <AssistantDialog asked={asked} onClose={() => setAsked(null)} />}</Suspense>
    </div>
  );
}

function AssistantSection(props: { whose: 'own' | 'others'; text: string; onAsk: (asked: AskedOfAssistant) => void }) {
  const { t } = useTranslation('app');
  const { whose, text, onAsk } = props;
  const list = useAssistants(whose, text);
  const items: AssistantSummary[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const title = whose === 'own' ? t('assistants.own') : t('assistants.others');
  return (
    <section aria-labelledby={`assistants-${whose}`} aria-busy={list.isPending}>
      <Title order={2} size="h3" mb="sm" id={`assistants-${whose}`}>
        {title}
      </Title>
      {list.isPending ? (
        <Skeleton height={84} radius="md" />
      ) : list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <NothingHere whose={whose} searched={text !== ''} />
      ) : (
        <ul className="chat-assistant-cards">
          {items.map((one) => (
            <AssistantCard key={one.id} assistant={one} onAsk={onAsk} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('assistants.more')}
        </Button>
      )}
    </section>
  );
}

function NothingHere({ whose, searched }: { whose: 'own' | 'others'; searched: boolean }) {
  const { t } = useTranslation('app');
  if (searched) return <Text c="dimmed">{t('assistants.noMatch')}</Text>;
  if (whose === 'others') return <Text c="dimmed">{t('assistants.othersEmpty')}</Text>;
  return (
    <EmptyState
      icon={<IconRobot size={28} stroke={1.5} />}
      title={t('assistants.empty')}
      text={t('assistants.emptyText')}
    />
  );
}
