import type { SameTexts } from '@cloudfreedom/ui';
import type { files as english } from '../en/files.ts';

export const files: SameTexts<typeof english> = {
  files: {
    label: 'Dateien Ihrer Nachricht',
    chosen: 'Dateien, die mit der Nachricht gehen',
    attach: 'Dateien anhängen',
    remove: '{{name}} entfernen',
    save: '{{name}} speichern',
    dropHere: 'Dateien hier ablegen',
    empty: '„{{name}}“ ist leer.',
    tooLarge:
      '„{{name}}“ ist zu groß. Eine Datei darf {{limit}} MB haben: verkleinern Sie sie, oder senden Sie einen Teil davon.',
    kind: '„{{name}}“ lässt sich nicht senden. Bilder (PNG, JPEG, GIF, WebP), PDFs und Textdateien gehen: speichern Sie sie so.',
    utf8: '„{{name}}“ ist kein Text in UTF-8. Speichern Sie die Datei als UTF-8 und hängen Sie sie erneut an.',
    tooMany:
      '„{{name}}“ ist eine zu viel: eine Nachricht nimmt {{limit}} Dateien. Senden Sie den Rest mit der nächsten.',
    unreadable: '„{{name}}“ ist nicht lesbar. Ordner lassen sich nicht anhängen; wählen Sie die Dateien darin.',
    modelCant: '{{model}} nimmt „{{name}}“ nicht. Wählen Sie ein anderes Modell, oder entfernen Sie die Datei.',
  },
};
