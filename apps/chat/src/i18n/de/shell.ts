import type { SameTexts } from '@cloudfreedom/ui';
import type { shell as english } from '../en/shell.ts';

export const shell: SameTexts<typeof english> = {
  app: 'Chat',
  pitch: 'Mit KI-Modellen schreiben und immer sehen, was es kostet.',
  skip: 'Zum Nachrichtenfeld',
  skipToContent: 'Zum Inhalt',
  menu: 'Unterhaltungen',
  offline: 'Keine Netzverbindung. Was Sie schreiben, bleibt hier und lässt sich senden, sobald sie wieder da ist.',
  closeMenu: 'Unterhaltungen schließen',
  title: { bare: 'CloudFreedom Chat', conversation: '{{title}} · CloudFreedom' },
  wrongTenant: {
    title: 'Dieser Chat gehört zu einer anderen Organisation',
    text: 'Sie sind als {{email}} angemeldet. Öffnen Sie den Chat Ihrer eigenen Organisation; Ihre Administration kennt seine Adresse.',
  },
  notSetUp: {
    title: 'Dieser Chat ist noch nicht eingerichtet',
    text: 'In seinen Einstellungen fehlt der Proxy oder der Dienst für Unterhaltungen. Wer ihn betreibt, muss sie in /config.json ergänzen.',
  },
};
