import type { SameTexts } from '@cloudfreedom/ui';
import type { shortcuts as english } from '../en/shortcuts.ts';

export const shortcuts: SameTexts<typeof english> = {
  shortcuts: {
    title: 'Tastenkürzel',
    ctrl: 'Strg',
    shift: 'Umschalt',
    enter: 'Eingabe',
    escape: 'Esc',
    help: 'Diese Übersicht',
    search: 'Unterhaltungen durchsuchen',
    new: 'Neue Unterhaltung',
    send: 'Nachricht senden',
    line: 'Neue Zeile in der Nachricht',
    walk: 'Durch die Liste der Unterhaltungen',
    close: 'Schließen, was offen ist',
    single: 'Einzelne Tasten',
    singleHint: 'Sie gelten, wo Sie gerade nicht schreiben. Schalten Sie sie aus, wenn sie bei Spracheingabe stören.',
    write: 'Zum Nachrichtenfeld',
    temporary: 'Temporäre Unterhaltung',
    model: 'Modell wählen',
    latest: 'Zur neuesten Nachricht',
    usage: 'Meine Nutzung',
  },
};
