/** i18next with the texts of this package (namespace `ui`) and those of one app (namespace `app`). */
import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { de } from './de.ts';
import { en } from './en.ts';
import { chosenLanguage, isLanguage, type Language, preferredLanguage } from './language.ts';
import type { TextTree } from './text-tree.ts';

export interface AppTexts {
  de: TextTree;
  en: TextTree;
}

/** Start in the language chosen on this device, else in the browser's. */
export function startI18n(appTexts: AppTexts): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: chosenLanguage() ?? preferredLanguage(navigator.languages),
    fallbackLng: false,
    defaultNS: 'app',
    interpolation: { escapeValue: false },
    resources: { de: { ui: de, app: appTexts.de }, en: { ui: en, app: appTexts.en } },
    initAsync: false,
  });
  const markDocument = (language: string) => {
    document.documentElement.lang = language;
  };
  markDocument(instance.language);
  instance.on('languageChanged', markDocument);
  return instance;
}

export function languageOf(instance: i18n): Language {
  return isLanguage(instance.language) ? instance.language : 'de';
}
