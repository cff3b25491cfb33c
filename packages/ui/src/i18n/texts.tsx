/**
 * The texts, read once for the whole app. What `useTranslation` does for each component that calls it (it listens for another
 * language, looks whether the texts are there) takes long where a list has hundreds of cells that say something.
 */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type UseTranslationResponse, useTranslation } from 'react-i18next';
import { type Formats, formatsOf } from '../format/formats.ts';
import { languageOf } from './i18n.ts';

interface Texts {
  ui: UseTranslationResponse<'ui', undefined>;
  app: UseTranslationResponse<'app', undefined>;
  formats: Formats;
}

const TextsContext = createContext<Texts | null>(null);

export function TextsProvider({ children }: { children: ReactNode }) {
  const ui = useTranslation('ui');
  const app = useTranslation('app');
  const texts = useMemo(() => ({ ui, app, formats: formatsOf(languageOf(ui.i18n), ui.t) }), [ui, app]);
  return <TextsContext value={texts}>{children}</TextsContext>;
}

export function useTextsOfApp(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('useTextsOfApp outside of TextsProvider');
  return texts;
}

/** As `useTranslation`, for what a list draws many times. */
export function useTexts<Of extends 'ui' | 'app'>(namespace: Of): Texts[Of] {
  return useTextsOfApp()[namespace];
}
