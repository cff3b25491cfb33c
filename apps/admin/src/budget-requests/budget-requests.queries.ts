import {
  type BudgetRequest,
  type BudgetRequestDecision,
  budgetRequest,
  budgetRequestList,
} from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const REFRESH_MS = 30_000;
const requestsKey = (tenantId: string) => ['budget requests', tenantId];

/** Requests for more of a tenant's people, newest first, at most 200. */
export function useBudgetRequests(tenantId: string, filter: { state?: BudgetRequest['state']; subjectId?: string }) {
  const { session, config } = useApp();
  const query = new URLSearchParams(filter);
  return useQuery({
    queryKey: [...requestsKey(tenantId), filter],
    queryFn: async ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/budget-requests?${query}`;
      return (await session.services.json(budgetRequestList, url, { signal })).items;
    },
    refetchInterval: REFRESH_MS,
  });
}

/** Approves or declines one; billing tells the person and the other admins by mail. */
export function useDecideRequest(tenantId: string, request: BudgetRequest) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const url = `${config.billingUrl}/v1/tenants/${tenantId}/budget-requests/${request.id}/decision`;
  return useMutation({
    mutationFn: (body: BudgetRequestDecision) => session.services.json(budgetRequest, url, { method: 'POST', body }),
    // Also where it failed: another admin may have been faster.
    onSettled: () =>
      Promise.all(
        [
          requestsKey(tenantId),
          ['person budget', tenantId, request.subjectId],
          ['adjustments', tenantId],
          ['budgets of people', tenantId],
          ['budgets', tenantId],
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
