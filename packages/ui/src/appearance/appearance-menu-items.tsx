import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../i18n/language.ts';
import { LANGUAGE_NAMES, SCHEME_ICONS, SCHEMES, useLanguageChoice, useSchemeNames } from './switches.tsx';

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
