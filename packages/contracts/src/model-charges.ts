/** `GET /v1/model-charges`: what the models cost a budget now, for the people who use them. */
import { z } from 'zod';
import { eurAmount } from './money.ts';

/** Of the deployment that is tried first, in the standard tier, from the smallest input on; with the tenant's mark-up. */
export const modelCharge = z.object({
  model: z.string().meta({ description: 'public model name' }),
  inputEurPerMillion: eurAmount,
  outputEurPerMillion: eurAmount,
});
export type ModelCharge = z.infer<typeof modelCharge>;
export const modelCharges = z.object({ items: z.array(modelCharge) });
