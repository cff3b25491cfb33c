import { type BudgetRequest, budgetRequest, budgetRequestList } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const KEY = ['budget requests'];
const WAITING_MS = 15_000;

/** One's own requests for more, newest first; looked at again while one waits. */
export function useBudgetRequests() {
  const { session, config } = useApp();
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (await session.services.json(budgetRequestList, `${config.billingUrl}/v1/budget/requests`, { signal })).items,
    refetchInterval: ({ state }) => (isWaiting(state.data?.[0]) ? WAITING_MS : false),
  });
}

export const isWaiting = (request: BudgetRequest | undefined) => request?.state === 'pending';

export function useAskForMore() {
  const { session, config } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { amount: string; reason: string }) =>
      session.services.json(budgetRequest, `${config.billingUrl}/v1/budget/requests`, { method: 'POST', body }),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
