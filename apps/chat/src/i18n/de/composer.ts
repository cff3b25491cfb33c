import type { SameTexts } from '@cloudfreedom/ui';
import type { composer as english } from '../en/composer.ts';

export const composer: SameTexts<typeof english> = {
  composer: {
    label: 'Ihre Nachricht',
    placeholder: 'Nachricht schreiben',
    contentLog_one:
      'Ihre Organisation hebt {{count}} Tag auf, was Sie schreiben und welche Antworten Sie bekommen, auch in temporären Unterhaltungen. Ihre Admins können es lesen; jeder Blick wird protokolliert und steht in Ihren Daten.',
    contentLog_other:
      'Ihre Organisation hebt {{count}} Tage auf, was Sie schreiben und welche Antworten Sie bekommen, auch in temporären Unterhaltungen. Ihre Admins können es lesen; jeder Blick wird protokolliert und steht in Ihren Daten.',
    send: 'Senden',
    stop: 'Anhalten',
    hint: 'Eingabetaste sendet, Umschalt+Eingabe beginnt eine neue Zeile, ? außerhalb des Felds zeigt alle Tastenkürzel',
    tooLong: 'Diese Nachricht ist zu lang. Kürzen Sie sie auf höchstens 1.000.000 Zeichen.',
    noModel: 'Zurzeit kann kein Modell genutzt werden. Ihre Administration kann eines freigeben.',
    notSent: 'Ihre Nachricht wurde nicht gesendet. {{why}}',
  },
};
