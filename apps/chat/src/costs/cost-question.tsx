import type { Conversation, ListedModel } from '@cloudfreedom/contracts';
import { freeAmount } from '@cloudfreedom/ui';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { useBudget } from '../budget/budget.queries.ts';
import { answerTokens, estimateCharge, isCostly, tokensOf } from './estimate.ts';
import { useModelCharge } from './model-charges.queries.ts';

const CostDialog = lazy(() => import('./cost-dialog.tsx'));

/**
 * Asks before a costly request is sent, in euro. `ask` resolves to whether to send; a request that is not costly, or
 * whose price is not known, is not asked about. `question`: to be shown where the conversation is.
 */
export function useCostQuestion(
  conversation: Pick<Conversation, 'messages'> | undefined,
  model: ListedModel | undefined,
): { ask: (text: string) => Promise<boolean>; question: ReactNode } {
  const budget = useBudget();
  const charge = useModelCharge(model?.id);
  const [estimate, setEstimate] = useState<string | null>(null);
  const answer = useRef<(send: boolean) => void>(undefined);
  const free = budget.data ? freeAmount(budget.data) : null;
  const ask = async (text: string): Promise<boolean> => {
    if (!charge || !budget.data) return true;
    const characters = (conversation?.messages ?? []).reduce((sum, { content }) => sum + content.length, text.length);
    const expected = estimateCharge(charge, tokensOf(characters), answerTokens(model?.reasoning !== 'none'));
    if (!isCostly(expected, free)) return true;
    setEstimate(expected);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  };
  const decide = (send: boolean) => {
    setEstimate(null);
    answer.current?.(send);
  };
  const question = estimate !== null && (
    <Suspense>
      <CostDialog estimate={estimate} free={free} onDecide={decide} />
    </Suspense>
  );
  return { ask, question };
}
