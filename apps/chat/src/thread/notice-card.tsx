import type { ShownBudgetRefusal } from '@cloudfreedom/contracts';
import { freeAmount, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isZeroBudget, type Notice } from '../answers/notice.ts';
import { AskForMore } from '../budget/ask-for-more.tsx';

const QUIET = new Set<Notice['kind']>(['stopped', 'length', 'contentFilter', 'empty']);
const NOT_AGAIN = new Set<Notice['kind']>(['length', 'contentFilter', 'contentRefused', 'tooLong', 'notStored']);

/** Why an answer is missing, or what is wrong with one of which a part is `kept`, and what to do about it. */
export function NoticeCard({ notice, kept, onRetry }: { notice: Notice; kept: boolean; onRetry: () => void }) {
  const { t } = useTranslation('app');
  const words = useNoticeWords(notice);
  const quiet = QUIET.has(notice.kind);
  const Icon = quiet ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className="chat-notice" data-quiet={quiet} role={quiet ? 'status' : 'alert'}>
      <Icon size={20} stroke={1.7} aria-hidden />
      <div>
        <Text size="sm">{words}</Text>
        <Group gap="xs" mt={10}>
          {notice.kind === 'spent' && <AskForMore />}
          {!NOT_AGAIN.has(notice.kind) && (
            <Button variant="default" size="xs" onClick={onRetry}>
              {kept || notice.kind === 'stopped' ? t('notice.retryCharged') : t('notice.retry')}
            </Button>
          )}
        </Group>
      </div>
    </div>
  );
}

function useNoticeWords(notice: Notice): string {
  const { t } = useTranslation('app');
  const budgetWords = useBudgetWords();
  const failureWords = useFailureWords();
  switch (notice.kind) {
    case 'refused':
      return t('notice.refused', { message: notice.message });
    case 'spent':
    case 'held':
      return budgetWords(notice.kind, notice.budget);
    case 'fileMissing':
      return t('notice.fileMissing', { why: failureWords(notice.error) });
    case 'notStored':
      return t('notice.notStored', { why: failureWords(notice.error) });
    default: {
      const words: Record<typeof notice.kind, string> = {
        stopped: t('notice.stopped'),
        length: t('notice.length'),
        contentFilter: t('notice.contentFilter'),
        cut: t('notice.cut'),
        empty: t('notice.empty'),
        unreachable: t('notice.unreachable'),
        unavailable: t('notice.unavailable'),
        budgetUnchecked: t('notice.budgetUnchecked'),
        usageNotRecorded: t('notice.usageNotRecorded'),
        providerUnreachable: t('notice.providerUnreachable'),
        providerFault: t('notice.providerFault'),
        providerTimeout: t('notice.providerTimeout'),
        providerOverloaded: t('notice.providerOverloaded'),
        providerBusy: t('notice.providerBusy'),
        tooLong: t('notice.tooLong'),
        contentRefused: t('notice.contentRefused'),
        rateLimited: t('notice.rateLimited'),
        sessionEnded: t('notice.sessionEnded'),
        modelGone: t('notice.modelGone'),
        suspended: t('notice.suspended'),
        unexpected: t('notice.unexpected'),
      };
      return words[notice.kind];
    }
  }
}

function useBudgetWords() {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (kind: 'spent' | 'held', budget: ShownBudgetRefusal | null): string => {
    if (!budget) return kind === 'spent' ? t('notice.spentPlain') : t('notice.heldPlain');
    const needed = format.exactMoney(budget.needed);
    const end = format.periodEnd(budget.period);
    if (budget.level === 'tenant') {
      return kind === 'held' ? t('notice.heldTenant', { needed }) : t('notice.spentTenant', { needed, end });
    }
    if (isZeroBudget(budget)) return t('notice.zero', { limit: format.money('0') });
    // Every digit: rounded, all of a budget could seem spent while something remains.
    const { limit, spent, held, remaining } = budget;
    if (spent === null || held === null) return kind === 'spent' ? t('notice.spentPlain') : t('notice.heldPlain');
    const figures = {
      spent: format.exactMoney(spent),
      held: format.exactMoney(held),
      limit: format.money(limit ?? '0'),
      remaining: format.exactMoney(freeAmount({ limit, spent, held, remaining }) ?? '0'),
      needed,
      end,
    };
    if (kind === 'held') return t('notice.held', figures);
    return t('notice.spent', figures);
  };
}
