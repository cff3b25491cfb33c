/** The list of models as Anthropic's clients read it. */
import type { ListedModel } from '@cloudfreedom/contracts';
import { z } from 'zod';

export const anthropicModel = z.object({
  type: z.literal('model'),
  id: z.string(),
  display_name: z.string(),
  created_at: z.iso.datetime().meta({ description: 'the catalogue keeps no date of creation' }),
  max_input_tokens: z.number().int(),
  max_tokens: z.number().int(),
  capabilities: z.null(),
});
export const anthropicPage = z.object({
  data: z.array(anthropicModel),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
  after_id: z.string().max(200).optional(),
  before_id: z.string().max(200).optional(),
});

export function anthropicModelOf({ id, name, created, ...model }: ListedModel): z.infer<typeof anthropicModel> {
  return {
    type: 'model',
    id,
    display_name: name,
    created_at: new Date(created * 1_000).toISOString(),
    max_input_tokens: model.context_tokens,
    max_tokens: model.output_tokens_max,
    capabilities: null,
  };
}

export function anthropicPageOf(
  models: ListedModel[],
  { limit, after_id, before_id }: z.infer<typeof pageQuery>,
): z.infer<typeof anthropicPage> {
  const place = (id: string | undefined, otherwise: number) => {
    const at = models.findIndex((model) => model.id === id);
    return at < 0 ? otherwise : at;
  };
  const rest = models.slice(place(after_id, -1) + 1, place(before_id, models.length));
  // The page before an id is the one that ends there.
  const page = before_id === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  return {
    data: page.map(anthropicModelOf),
    has_more: page.length < rest.length,
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}
