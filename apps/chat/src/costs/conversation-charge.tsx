import { formatEur, parseEur } from '@cloudfreedom/contracts';
import { Money } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMatch } from 'react-router';
import { useConversation } from '../conversations/conversations.queries.ts';
import { TEMPORARY_ID } from '../conversations/temporary.ts';

/** What the open conversation has cost so far; nothing where nothing was charged. */
export function ConversationCharge() {
  const { t } = useTranslation('app');
  const stored = useMatch('/c/:id')?.params.id ?? null;
  const temporary = useMatch('/temporary') !== null;
  const { data } = useConversation(temporary ? TEMPORARY_ID : stored);
  const sum = (data?.messages ?? []).reduce((all, { chargeEur }) => all + parseEur(chargeEur ?? '0'), 0n);
  if (sum === 0n) return null;
  return (
    <Text size="sm" c="dimmed" className="chat-conversation-charge">
      <span className="chat-conversation-charge-label">{t('costs.conversation')}</span>{' '}
      <Money amount={formatEur(sum)} />
    </Text>
  );
}
