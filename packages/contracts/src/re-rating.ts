/** Re-rating: what was charged in a range is charged again at the prices that should have counted, by opposite entries. */
import { z } from 'zod';
import { recordId } from './directory.ts';
import { eurAmount } from './money.ts';

const moment = z.iso.datetime({ offset: true });

/** `POST /v1/tenants/{tenantId}/re-ratings` (a platform admin). */
export const reRatingRequest = z
  .object({
    id: z.uuid().meta({ description: 'chosen by the caller: the same id and content again changes nothing' }),
    from: moment.meta({ description: 'settled at this moment or after' }),
    to: moment.meta({ description: 'and before this one, which is not in the future' }),
    model: z.string().min(1).max(200).optional().meta({ description: 'public name; absent: all' }),
    reason: z.string().trim().min(1).max(500),
    apply: z.boolean().default(false).meta({ description: 'false: only shows what would change' }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'must be after `from`' });
export type ReRatingRequest = z.infer<typeof reRatingRequest>;

const amounts = {
  rows: z.number().int().meta({ description: 'that were looked at' }),
  changed: z.number().int(),
  before: eurAmount,
  after: eurAmount,
  difference: eurAmount,
};
export const reRating = z.object({
  id: z.uuid(),
  applied: z.boolean(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  model: z.string().nullable(),
  reason: z.string(),
  author: recordId,
  ...amounts,
  people: z.array(z.object({ subjectId: recordId, ...amounts })),
});
export type ReRating = z.infer<typeof reRating>;
export const reRatings = z.object({ items: z.array(reRating) });
