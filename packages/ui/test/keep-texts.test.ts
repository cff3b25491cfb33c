import i18next from 'i18next';
import { expect, test } from 'vitest';
import { keepTexts } from '../src/i18n/keep-texts.ts';

test('texts are looked up once, in each language by itself; with variables each time; one that is missing is not kept', async () => {
  const instance = i18next.createInstance();
  const resources = {
    en: { app: { name: 'Name', count: '{{count}} rows' }, ui: { name: 'Label' } },
    de: { app: { name: 'Bezeichnung' } },
  };
  await instance.init({ lng: 'en', fallbackLng: false, ns: ['app', 'ui'], defaultNS: 'app', resources });
  keepTexts(instance);
  const t = instance.getFixedT('en', 'app');
  expect([t('name'), t('name'), t('ui:name'), instance.getFixedT('en', 'ui')('name')]).toEqual([
    'Name',
    'Name',
    'Label',
    'Label',
  ]);
  expect([t('count', { count: 1 }), t('count', { count: 2 })]).toEqual(['1 rows', '2 rows']);
  expect(instance.getFixedT('de', 'app')('name')).toBe('Bezeichnung');
  expect(instance.getFixedT('en', 'app')).toBe(t);
  expect(t('later')).toBe('later');
  instance.addResource('en', 'app', 'later', 'Come later');
  expect(t('later')).toBe('Come later');
  // Looked up once: what changes afterwards is not seen.
  instance.addResource('en', 'app', 'later', 'Changed');
  expect(t('later')).toBe('Come later');
});
