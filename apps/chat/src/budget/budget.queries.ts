import { budget } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { useAnyRunning } from '../answers/answers-context.tsx';

const WHILE_RUNNING_MS = 2_000;

/** One's own budget; asked for again while answers are being written. */
export function useBudget() {
  const { session, config } = useApp();
  const running = useAnyRunning();
  return useQuery({
    queryKey: ['budget'],
    queryFn: ({ signal }) => session.services.json(budget, `${config.billingUrl}/v1/budget`, { signal }),
    refetchInterval: running ? WHILE_RUNNING_MS : false,
  });
}
