import { type AdjustmentCreateRequest, adjustment, adjustmentList } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const adjustmentsKey = (tenantId: string) => ['adjustments', tenantId];

/** Top-ups, corrections and what was carried over of one person, newest first. */
export function useAdjustmentsOf(tenantId: string, ownerId: string) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: [...adjustmentsKey(tenantId), ownerId],
    queryFn: async ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/adjustments?ownerId=${ownerId}`;
      return (await session.services.json(adjustmentList, url, { signal })).items;
    },
  });
}

/** The same id with the same content is written once, however often it is sent. */
export function useAdjust(tenantId: string, ownerId: string) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AdjustmentCreateRequest) =>
      session.services.json(adjustment, `${config.billingUrl}/v1/tenants/${tenantId}/adjustments`, {
        method: 'POST',
        body,
      }),
    onSettled: () =>
      Promise.all(
        [adjustmentsKey(tenantId), ['person budget', tenantId, ownerId], ['budgets of people', tenantId]].map(
          (queryKey) => queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
