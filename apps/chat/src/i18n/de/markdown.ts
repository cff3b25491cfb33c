import type { SameTexts } from '@cloudfreedom/ui';
import type { markdown as english } from '../en/markdown.ts';

export const markdown: SameTexts<typeof english> = {
  markdown: {
    asksFirst: 'fragt vor dem Öffnen',
    imageNotLoaded: 'Bild, nicht geladen: {{text}}',
    imageUnnamed: 'Bild, nicht geladen',
    table: 'Tabelle',
    code: 'Code',
    copyCode: 'Code kopieren',
    copied: 'Kopiert',
    footnotes: 'Fußnoten',
    leaveTitle: '{{target}} öffnen?',
    leaveText: 'Das Modell hat diese Adresse geschrieben. Beim Öffnen erfährt {{target}} alles, was darin steht.',
    mailTitle: 'E-Mail schreiben?',
    mailText:
      'Das Modell hat diese Adresse geschrieben. Ihr Mailprogramm öffnet sich; von selbst wird nichts gesendet.',
    carriesData: 'Diese Adresse enthält mehr als einen Ort. Öffnen Sie sie nur, wenn nichts von Ihnen darin steht.',
    copyAddress: 'Adresse kopieren',
    open: 'Öffnen',
  },
};
