import type { SameTexts } from '@cloudfreedom/ui';
import type { en } from './en.ts';

export const de: SameTexts<typeof en> = {
  app: 'Anmeldung',
  pitch: 'Danach geht es weiter zu {{application}}.',
  going: 'Weiter zu {{application}} …',
  stuck: {
    title: 'Zu {{application}} geht es nicht weiter',
    otherAccount: 'Mit anderem Konto anmelden',
    again: 'Noch einmal versuchen',
  },
  nowhere: {
    title: 'Öffnen Sie Ihre Anwendung',
    text: 'Hierher kommt, wer sich bei einer Anwendung der eigenen Organisation anmeldet. Öffnen Sie sie und melden Sie sich dort an.',
  },
  expired: {
    title: 'Diese Anmeldung ist abgelaufen',
    text: 'Gehen Sie zurück zur Anwendung und melden Sie sich dort noch einmal an.',
  },
};
