import type { KeptFile, ListedModel, Message } from '@cloudfreedom/contracts';
import { freeAmount } from '@cloudfreedom/ui';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { useBudget } from '../budget/budget.queries.ts';
import type { Asked } from '../conversations/questions.ts';
import { answerTokens, estimateCharge, fileTokens, isCostly, tokensOf } from './estimate.ts';
import { useModelCharge } from './model-charges.queries.ts';

const CostDialog = lazy(() => import('./cost-dialog.tsx'));

type Sent = Pick<Message, 'content' | 'attachments'>;

interface CostQuestionOptions {
  /** The system prompt, of the conversation and of its assistant. */
  instructions: string;
  assistantFiles: readonly KeptFile[];
  model: ListedModel | undefined;
}

/**
 * Asks before a costly request is sent, in euro. `ask` takes all messages that go along, and new files, and resolves to
 * whether to send; a request that is not costly, or whose price is not known, is not asked about. `question`: to be shown
 * where the conversation is.
 */
export function useCostQuestion(options: CostQuestionOptions): {
  ask: (messages: readonly Sent[], files?: Asked['files']) => Promise<boolean>;
  question: ReactNode;
} {
  const { instructions, assistantFiles, model } = options;
  const budget = useBudget();
  const charge = useModelCharge(model?.id);
  const [estimate, setEstimate] = useState<string | null>(null);
  const answer = useRef<(send: boolean) => void>(undefined);
  const free = budget.data ? freeAmount(budget.data) : null;
  const ask = async (messages: readonly Sent[], files: Asked['files'] = []): Promise<boolean> => {
    if (!charge || !budget.data) return true;
    const written = messages.reduce((sum, { content }) => sum + content.length, instructions.length);
    const sent = [
      ...assistantFiles,
      ...messages.flatMap(({ attachments }) => attachments),
      ...files.map(({ mediaType, file }) => ({ mediaType, sizeBytes: file.size })),
    ];
    const input = sent.reduce((sum, file) => sum + fileTokens(file), tokensOf(written));
    const expected = estimateCharge(charge, input, answerTokens(model?.reasoning !== 'none'));
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
