import type { SameTexts } from '@cloudfreedom/ui';
import type { conversations as english } from '../en/conversations.ts';

export const conversations: SameTexts<typeof english> = {
  conversations: {
    label: 'Unterhaltungen',
    new: 'Neue Unterhaltung',
    empty: 'Hier erscheinen Ihre Unterhaltungen.',
    more: 'Ältere zeigen',
    actions: 'Aktionen für {{title}}',
    rename: 'Umbenennen',
    renameTitle: 'Unterhaltung umbenennen',
    renameLabel: 'Titel',
    renameEmpty: 'Geben Sie einen Titel ein.',
    renameSave: 'Speichern',
    delete: 'Löschen',
    deleteTitle: 'Diese Unterhaltung löschen?',
    deleteText:
      '„{{title}}“ und alle Nachrichten darin werden endgültig gelöscht. Was berechnet wurde, bleibt in Ihrer Nutzung.',
    failed: 'Das hat nicht geklappt. {{why}}',
  },
};
