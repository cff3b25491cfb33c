import { ActionIcon, Button, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, languageOf } from '../i18n/i18n.ts';
import { type Language, rememberLanguage } from '../i18n/language.ts';

/** Each language in its own words. */
export const LANGUAGE_NAMES: Record<Language, string> = { de: 'Deutsch', en: 'English' };
export const SCHEMES = ['light', 'dark', 'auto'] as const;
export const SCHEME_ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

export function useLanguageChoice() {
  const { i18n } = useTranslation('ui');
  const choose = (language: Language) => {
    rememberLanguage(language);
    void changeLanguage(i18n, language);
  };
  return { current: languageOf(i18n), choose };
}

export function useSchemeNames() {
  const { t } = useTranslation('ui');
  return { light: t('appearance.light'), dark: t('appearance.dark'), auto: t('appearance.auto') };
}

/** One press: the other language. */
export function LanguageSwitch() {
  const { current, choose } = useLanguageChoice();
  const other = current === 'de' ? 'en' : 'de';
  return (
    <Button variant="subtle" color="gray" size="compact-md" lang={other} onClick={() => choose(other)}>
      {LANGUAGE_NAMES[other]}
    </Button>
  );
}

/** One press: the next of light, dark and as the system has it. */
export function ColorSchemeSwitch() {
  const { t } = useTranslation('ui');
  const names = useSchemeNames();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = SCHEME_ICONS[colorScheme];
  const next = SCHEMES[(SCHEMES.indexOf(colorScheme) + 1) % SCHEMES.length] ?? 'auto';
  const label = `${t('appearance.scheme')}: ${names[colorScheme]}`;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(next)}
    >
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
}
