import type { ListedModel } from '@cloudfreedom/contracts';

const PREFERRED_ID = 'gpt-5.4-mini';
const SMALL = /mini|haiku|flash|lite/i;

/**
 * The model that answers where nobody has chosen: the one used last, else a small one, else the first. The list is sorted
 * by name and knows no prices, and its first is often the dearest: whoever only tries the chat out must not pay for that.
 * A guess by names, until a product can name its default.
 */
export function defaultModel(models: readonly ListedModel[], lastUsedId: string): ListedModel | undefined {
  return (
    models.find((model) => model.id === lastUsedId) ??
    models.find((model) => model.id === PREFERRED_ID) ??
    models.find((model) => SMALL.test(model.name)) ??
    models[0]
  );
}
