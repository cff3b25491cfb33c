/** The models of the menu: those that match what was typed, by provider, from the cheapest to the dearest. */
import { type ListedModel, type ProviderName, parseEur } from '@cloudfreedom/contracts';
import { providerOf } from '@cloudfreedom/ui';

export interface ModelGroup {
  /** null: of no provider that we know. */
  provider: ProviderName | null;
  simulated: boolean;
  models: ListedModel[];
}

/**
 * All words typed must be in what is said of a model (`searchedOf`). `costOf`: euro of a typical answer, undefined where
 * it is not known: those come last. Simulated and real ones stay apart.
 */
export function groupModels(
  models: readonly ListedModel[],
  search: string,
  searchedOf: (model: ListedModel) => string,
  costOf: (model: ListedModel) => string | undefined,
): ModelGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups: ModelGroup[] = [];
  for (const model of models) {
    const text = searchedOf(model);
    if (!words.every((word) => text.includes(word))) continue;
    const provider = providerOf(model.owned_by) ?? null;
    const group = groups.find((known) => known.provider === provider && known.simulated === model.simulated);
    if (group) group.models.push(model);
    else groups.push({ provider, simulated: model.simulated, models: [model] });
  }
  for (const group of groups) group.models = byCost(group.models, costOf);
  return groups;
}

function byCost(models: ListedModel[], costOf: (model: ListedModel) => string | undefined): ListedModel[] {
  const known = models.flatMap((model) => {
    const cost = costOf(model);
    return cost === undefined ? [] : [{ model, nanoEur: parseEur(cost) }];
  });
  known.sort((a, b) => (a.nanoEur < b.nanoEur ? -1 : a.nanoEur > b.nanoEur ? 1 : 0));
  return [...known.map(({ model }) => model), ...models.filter((model) => costOf(model) === undefined)];
}
