import type { SameTexts } from '@cloudfreedom/ui';
import type { palette as english } from '../en/palette.ts';

export const palette: SameTexts<typeof english> = {
  palette: {
    open: 'Suchen',
    keys: 'Strg K',
    title: 'Zu einer Seite, einer Person, einem Schlüssel oder einer Anfrage',
    placeholder: 'Seite, Person, Schlüsselanfang, Kennung einer Anfrage …',
    results: 'Gefunden',
    nothing: 'Nichts gefunden.',
    searching: 'Wird gesucht …',
    actions: 'Aktionen',
    requests: 'Anfrage',
    request: 'Die Anfrage {{id}} zeigen',
  },
};
