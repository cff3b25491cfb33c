import type { ListedModel } from '@cloudfreedom/contracts';
import { providerOf, providerTitle, useFormat } from '@cloudfreedom/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Ability, abilitiesOf, languagesFor, pagesOf } from './abilities.ts';
import { bareName } from './model-name.ts';

/** Named beside the model; the others are counted. */
const LANGUAGES_NAMED = 2;

export interface ModelWords {
  /** What it is good for, of its record; '': nobody has said. */
  description: string;
  abilities: { ability: Ability; words: string }[];
  /** "German, English + 13"; '': not known. */
  languages: string;
  /** All of them. */
  allLanguages: string;
  /** All that a search looks at, in small letters. */
  searched: string;
}

/** A model in plain words of the language that is on. */
export function useModelWords(): (model: ListedModel) => ModelWords {
  const { t } = useTranslation('app');
  const format = useFormat();
  return useMemo(() => {
    const names = new Intl.DisplayNames([format.language], { type: 'language' });
    return (model) => {
      const words: Record<Ability, string> = {
        images: t('models.ability.images'),
        pdf: t('models.ability.pdf'),
        thinking: t('models.ability.thinking'),
        longTexts: t('models.ability.longTexts', { pages: format.number(pagesOf(model.context_tokens)) }),
      };
      const abilities = abilitiesOf(model).map((ability) => ({ ability, words: words[ability] }));
      const languages = languagesFor(model, format.language).map((code) => names.of(code) ?? code);
      const more = languages.length - LANGUAGES_NAMED;
      const named = languages.slice(0, LANGUAGES_NAMED).join(', ');
      const description = model.description[format.language];
      const provider = providerOf(model.owned_by);
      return {
        description,
        abilities,
        languages: more > 0 ? t('models.languagesMore', { named, more: format.number(more) }) : named,
        allLanguages: format.list(languages),
        searched: [
          bareName(model),
          model.id,
          provider ? providerTitle(provider) : model.owned_by,
          description,
          ...abilities.map((ability) => ability.words),
          ...languages,
        ]
          .join(' ')
          .toLowerCase(),
      };
    };
  }, [t, format]);
}
