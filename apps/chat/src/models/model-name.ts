import type { ListedModel } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';

/** The name without the proxy's English remark on simulated models: the apps say it in their own language. */
export function bareName(model: Pick<ListedModel, 'name' | 'simulated'>): string {
  return model.simulated ? model.name.replace(/ \(simulated\)$/, '') : model.name;
}

/** The name, and whether it is simulated, in the language that is on. */
export function useModelName(): (model: ListedModel) => string {
  const { t } = useTranslation('app');
  return (model) => (model.simulated ? t('models.simulatedName', { name: bareName(model) }) : model.name);
}
