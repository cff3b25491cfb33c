import type { ListedModel } from '@cloudfreedom/contracts';
import { ProviderDot, providerOf } from '@cloudfreedom/ui';
import { IconBrain, IconCheck, IconFileText, IconFileTypePdf, IconLanguage, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Ability } from './abilities.ts';
import { bareName } from './model-name.ts';
import type { ModelWords } from './model-words.ts';

const ICONS: Record<Ability, typeof IconPhoto> = {
  images: IconPhoto,
  pdf: IconFileTypePdf,
  thinking: IconBrain,
  longTexts: IconFileText,
};

/** One model of the menu: its name, what a typical answer costs, what it is good for and what it can do. */
export function ModelOption(props: { model: ListedModel; words: ModelWords; cost: string | null; chosen: boolean }) {
  const { t } = useTranslation('app');
  const { model, words, cost, chosen } = props;
  return (
    <div className="chat-model-option" title={model.id}>
      <ModelDot model={model} />
      <span className="chat-model-name">
        {bareName(model)}
        {chosen && <IconCheck size={16} aria-label={t('models.chosen')} />}
      </span>
      <span className="chat-model-cost">{cost}</span>
      {words.description !== '' && <span className="chat-model-words">{words.description}</span>}
      <span className="chat-model-abilities">
        {words.abilities.map(({ ability, words: text }) => {
          const Icon = ICONS[ability];
          return (
            <span key={ability}>
              <Icon size={14} stroke={1.7} aria-hidden />
              {text}
            </span>
          );
        })}
        {words.languages !== '' && (
          <span title={words.allLanguages}>
            <IconLanguage size={14} stroke={1.7} aria-hidden />
            {words.languages}
          </span>
        )}
      </span>
    </div>
  );
}

export function ModelDot({ model }: { model: ListedModel }) {
  const provider = providerOf(model.owned_by);
  return provider ? <ProviderDot provider={provider} /> : <span />;
}
