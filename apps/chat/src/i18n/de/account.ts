import type { SameTexts } from '@cloudfreedom/ui';
import type { account as english } from '../en/account.ts';

export const account: SameTexts<typeof english> = {
  account: {
    download: 'Meine Daten herunterladen',
    downloadFailed: 'Nicht heruntergeladen. {{why}}',
    chatsMarkdown: 'Unterhaltungen als Markdown',
    chatsJson: 'Unterhaltungen als JSON',
    erase: 'Konto löschen',
    eraseTitle: 'Ihr Konto löschen?',
    eraseGoes:
      'Gelöscht werden Ihr Profil, Ihre API-Schlüssel, Anmeldungen und alle Unterhaltungen. Das lässt sich nicht rückgängig machen. Laden Sie Ihre Daten vorher herunter, wenn Sie sie behalten möchten.',
    eraseStays: 'Was Anfragen gekostet haben, bleibt in den Summen Ihrer Organisation, ohne Ihren Namen.',
    password: 'Ihr Passwort',
    eraseConfirm: 'Endgültig löschen',
  },
};
