import type { SameTexts } from '@cloudfreedom/ui';
import type { contentLog as english } from '../en/content-log.ts';

export const contentLog: SameTexts<typeof english> = {
  contentLog: {
    text: 'Was Personen fragen und die Modelle antworten, hebt üblicherweise niemand auf, nur wie viel es war. Eine Organisation, die es später lesen können muss, kann es aufheben lassen.',
    off: 'Aus: Anfragen und Antworten werden nicht aufgehoben',
    offText: 'Was Personen als Unterhaltung speichern, gehört ihnen allein und hat damit nichts zu tun.',
    on_one: 'An: Anfragen und Antworten werden {{count}} Tag aufgehoben',
    on_other: 'An: Anfragen und Antworten werden {{count}} Tage aufgehoben',
    onText: 'Sie finden sie bei der jeweiligen Zeile unter Nutzung. Jeder Blick steht im Änderungsprotokoll.',
    switchOn: 'Einschalten',
    change: 'Tage ändern',
    switchOff: 'Ausschalten',
    foreign: 'Nur Admins von {{tenant}} schalten es ein und lesen, was aufgehoben ist.',
    title: 'Anfragen und Antworten aufheben',
    meansAll:
      'Alles, was Personen Ihrer Organisation fragen, wird mit seiner Antwort aufgehoben, aus dem Chat, auch aus temporären Unterhaltungen, und aus Programmen. Bei langen die ersten 65.536 Zeichen der Antwort und die letzten der Anfrage; Bilder und Dateien nicht.',
    meansWhere:
      'Es liegt in der eigenen Datenbank Ihrer Organisation und wird nach diesen Tagen gelöscht, mit der Person oder wenn Sie es ausschalten.',
    meansWho:
      'Alle Admins Ihrer Organisation können es lesen. Jeder Blick steht im Änderungsprotokoll, und die Person findet ihn in ihren Daten.',
    meansTold:
      'Der Chat sagt es allen dort, wo sie schreiben. Programme bekommen einen Antwort-Header; wer sie oder Open WebUI nutzt, muss es von Ihnen erfahren.',
    days: 'Tage',
    daysHint: 'Von 1 bis 90. Weniger Tage löschen sofort, was älter ist.',
    confirm:
      'Es gibt dafür eine Rechtsgrundlage, der Betriebsrat hat zugestimmt, wo es einen gibt, und die Personen sind informiert (DSGVO, Art. 6, 13 und 88).',
    confirmMissing: 'Bestätigen Sie das zuerst. Ohne das darf es nicht eingeschaltet werden.',
    save: 'Anfragen und Antworten aufheben',
    offTitle: 'Ausschalten?',
    offConsequence:
      'Ab jetzt wird nichts mehr aufgehoben, und was aufgehoben ist, wird binnen einer Minute gelöscht. Das lässt sich nicht rückgängig machen.',
    content: 'Inhalt',
    look: 'Inhalt zeigen',
    lookNote: 'Ihr Blick wird mit Ihrem Namen ins Änderungsprotokoll geschrieben.',
    looked: 'Ihr Blick steht im Änderungsprotokoll.',
    cut: 'Es war lang: Nicht alles davon ist aufgehoben.',
    notFound: 'Von dieser Anfrage ist nichts aufgehoben: Sie ist von davor, oder ihre Zeit ist um.',
    sealed: 'Sie wurde mit einem Schlüssel verschlüsselt, den der Proxy nicht mehr hat.',
    notNoted:
      'Das Änderungsprotokoll kann gerade nicht geschrieben werden, deshalb wird nichts gezeigt. Versuchen Sie es gleich noch einmal.',
    noAnswer: 'Eine Antwort in Worten gab es nicht.',
    role: { user: 'Anfrage', assistant: 'Antwort', system: 'Anweisungen', tool: 'Ergebnis eines Werkzeugs' },
  },
};
