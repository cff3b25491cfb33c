import { type ModelCharge, modelCharges } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';

const FRESH_MS = 300_000;

/** What the models cost this tenant's budgets now. undefined: not known (yet). */
export function useModelCharges(): ModelCharge[] | undefined {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['model charges'],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) =>
      (await session.services.json(modelCharges, `${config.billingUrl}/v1/model-charges`, { signal })).items,
  }).data;
}

export function useModelCharge(model: string | undefined): ModelCharge | undefined {
  return useModelCharges()?.find((charge) => charge.model === model);
}
