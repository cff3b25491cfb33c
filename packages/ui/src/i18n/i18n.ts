/** Texts in the language of the person: only that one is fetched, another when it is chosen. */
import i18next, { type BackendModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isLanguage, LANGUAGES, type Language } from './language.ts';
import type { TextTree } from './text-tree.ts';

/** Fetches the texts of a language. */
export type AppTexts = Readonly<Record<Language, () => Promise<TextTree>>>;

const OF_THIS_PACKAGE: AppTexts = {
  de: async () => (await import('./de.ts')).de,
  en: async () => (await import('./en.ts')).en,
};

/** @returns when the texts of `language` are there */
export async function startI18n(appTexts: AppTexts, language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  const markDocument = (shown: string) => {
    document.documentElement.lang = shown;
  };
  instance.on('languageChanged', markDocument);
  await instance
    .use(initReactI18next)
    .use(fetching({ ui: OF_THIS_PACKAGE, app: appTexts }))
    .init({
      lng: language,
      supportedLngs: LANGUAGES,
      fallbackLng: false,
      ns: ['ui', 'app'],
      defaultNS: 'app',
      interpolation: { escapeValue: false },
      initAsync: false,
      react: { useSuspense: false },
    });
  markDocument(instance.language);
  return instance;
}

/** What does not arrive is asked for again a few times. */
function fetching(namespaces: Readonly<Record<string, AppTexts>>): BackendModule {
  return {
    type: 'backend',
    init: () => undefined,
    read(language, namespace, done) {
      const fetchTexts = isLanguage(language) ? namespaces[namespace]?.[language] : undefined;
      if (!fetchTexts) return done(new Error(`No texts: ${language}, ${namespace}`), false);
      fetchTexts().then(
        (texts) => done(null, texts),
        (error: Error) => done(error, true),
      );
    },
  };
}

/** Shows another language once its texts are there; where they can't be fetched, everything stays as it is. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  const isThere = () => ['ui', 'app'].every((namespace) => instance.hasResourceBundle(language, namespace));
  if (!isThere()) await instance.reloadResources(language);
  if (isThere()) await instance.changeLanguage(language);
}

export function languageOf(instance: i18n): Language {
  return isLanguage(instance.language) ? instance.language : 'de';
}
