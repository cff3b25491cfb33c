import { ActionIcon, Button, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../i18n/i18n.ts';
import { LANGUAGES, type Language, rememberLanguage } from '../i18n/language.ts';

/** Each language in its own words. */
const LANGUAGE_NAMES: Record<Language, string> = { de: 'Deutsch', en: 'English' };
const SCHEMES = ['light', 'dark', 'auto'] as const;
const SCHEME_ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

function useLanguageChoice() {
  const { i18n } = useTranslation('ui');
  const choose = (language: Language) => {
    rememberLanguage(language);
    void i18n.changeLanguage(language);
  };
  return { current: languageOf(i18n), choose };
}

function useSchemeNames() {
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

/** Light, dark or as the system has it. */
export function ColorSchemeSwitch() {
  const { t } = useTranslation('ui');
  const { colorScheme } = useMantineColorScheme();
  const Icon = SCHEME_ICONS[colorScheme];
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Tooltip label={t('appearance.scheme')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('appearance.scheme')}>
            <Icon size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <SchemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeItems() {
  const names = useSchemeNames();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map((scheme) => {
    const Icon = SCHEME_ICONS[scheme];
    return (
      <Menu.Item
        key={scheme}
        leftSection={<Icon size={16} aria-hidden />}
        rightSection={colorScheme === scheme ? <IconCheck size={16} aria-hidden /> : null}
        aria-current={colorScheme === scheme}
        onClick={() => setColorScheme(scheme)}
      >
        {names[scheme]}
      </Menu.Item>
    );
  });
}

/** The same two choices as parts of a menu. */
export function AppearanceMenuItems() {
  const { t } = useTranslation('ui');
  const { current, choose } = useLanguageChoice();
  return (
    <>
      <Menu.Label>{t('appearance.language')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          rightSection={current === language ? <IconCheck size={16} aria-hidden /> : null}
          aria-current={current === language}
          onClick={() => choose(language)}
        >
          {LANGUAGE_NAMES[language]}
        </Menu.Item>
      ))}
      <Menu.Label>{t('appearance.scheme')}</Menu.Label>
      <SchemeItems />
    </>
  );
}
