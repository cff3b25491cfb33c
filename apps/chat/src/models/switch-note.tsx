import { useTranslation } from 'react-i18next';
import { useModelName } from './model-name.ts';
import { useModels } from './models.queries.ts';

/** Where another model answers than before. */
export function SwitchNote({ model }: { model: string }) {
  const { t } = useTranslation('app');
  const modelName = useModelName();
  const listed = useModels().data?.find(({ id }) => id === model);
  return <p className="chat-switch">{t('models.switched', { model: listed ? modelName(listed) : model })}</p>;
}
