/** The models of the menu: those that match what was typed, by provider. */
import type { ListedModel, ProviderName } from '@cloudfreedom/contracts';
import { providerOf } from '@cloudfreedom/ui';
import { bareName } from './model-name.ts';

export interface ModelGroup {
  /** null: of no provider that we know. */
  provider: ProviderName | null;
  simulated: boolean;
  models: ListedModel[];
}

/** In the order of the list; all words typed must be in the name or the id. Simulated and real ones stay apart. */
export function groupModels(models: readonly ListedModel[], search: string): ModelGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups: ModelGroup[] = [];
  for (const model of models) {
    const text = `${bareName(model)} ${model.id}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const provider = providerOf(model.owned_by) ?? null;
    const group = groups.find((known) => known.provider === provider && known.simulated === model.simulated);
    if (group) group.models.push(model);
    else groups.push({ provider, simulated: model.simulated, models: [model] });
  }
  return groups;
}
