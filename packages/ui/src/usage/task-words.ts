import type { UsageTask } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';

/** What a program asked by itself, in words. */
export function useTaskWords(): (task: UsageTask) => string {
  const { t } = useTranslation('ui');
  return (task) => {
    const words = {
      title: t('task.title'),
      tags: t('task.tags'),
      follow_ups: t('task.followUps'),
      emoji: t('task.emoji'),
      search_query: t('task.searchQuery'),
      image_prompt: t('task.imagePrompt'),
      autocomplete: t('task.autocomplete'),
      tool_choice: t('task.toolChoice'),
      merged_answers: t('task.mergedAnswers'),
      memory: t('task.memory'),
      summary: t('task.summary'),
      other: t('task.other'),
    };
    return words[task];
  };
}
