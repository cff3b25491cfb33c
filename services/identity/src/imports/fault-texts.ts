/** What is wrong with a line and how to mend it, in the caller's language. */
import type { IMPORT_REFUSALS, Locale } from '@cloudfreedom/contracts';

type Text = Record<Locale, (detail: string) => string>;

const TEXTS = {
  not_utf8: {
    de: () => 'Die Datei ist nicht in UTF-8. In Excel: „Speichern unter“, Dateityp „CSV UTF-8“.',
    en: () => 'The file is not in UTF-8. In Excel: "Save as", file type "CSV UTF-8".',
  },
  empty: {
    de: () => 'Die Datei ist leer. Die erste Zeile nennt die Spalten, jede weitere einen Datensatz.',
    en: () => 'The file is empty. Its first line names the columns, each further one is a record.',
  },
  too_many_lines: {
    de: (most) => `Mehr als ${most} Zeilen. Teilen Sie die Datei.`,
    en: (most) => `More than ${most} lines. Split the file.`,
  },
  quoting: {
    de: () => 'Die Anführungszeichen gehen nicht auf. Im Text eines Feldes werden sie verdoppelt: "so ""hier""".',
    en: () => 'The quotes do not match. Inside a field they are doubled: "like ""this""".',
  },
  column_unknown: {
    de: (known) => `Diese Spalte gibt es nicht. Möglich sind: ${known}.`,
    en: (known) => `There is no such column. Possible are: ${known}.`,
  },
  column_twice: { de: () => 'Diese Spalte gibt es zweimal.', en: () => 'This column is there twice.' },
  column_missing: {
    de: () => 'Diese Spalte fehlt. An ihr wird erkannt, um wen es geht.',
    en: () => 'This column is missing. It tells which record a line is about.',
  },
  cells: {
    de: (detail) =>
      `Die Zeile hat ${detail} Felder. Enthält ein Feld das Trennzeichen, gehört es in Anführungszeichen.`,
    en: (detail) => `The line has ${detail} fields. A field that holds the separator belongs in quotes.`,
  },
  key_missing: { de: () => 'Hier muss etwas stehen.', en: () => 'This must not be empty.' },
  key_twice: {
    de: (line) => `Steht schon in Zeile ${line}. Löschen Sie eine der beiden.`,
    en: (line) => `Is in line ${line} already. Delete one of the two.`,
  },
  email: {
    de: () => 'Das ist keine E-Mail-Adresse wie name@firma.de.',
    en: () => 'This is not an e-mail address such as name@company.com.',
  },
  slug: {
    de: () => 'Nur Kleinbuchstaben, Ziffern und Bindestriche, 2 bis 40 Zeichen, zum Beispiel firma-nord.',
    en: () => 'Lower-case letters, digits and hyphens only, 2 to 40 of them, for example company-north.',
  },
  choice: { de: (values) => `Möglich sind: ${values}.`, en: (values) => `Possible are: ${values}.` },
  amount: {
    de: () => 'Das ist kein Betrag in Euro. Schreiben Sie ihn wie 25,00, oder - für keinen eigenen.',
    en: () => 'This is not an amount in euro. Write it like 25.00, or - for none of its own.',
  },
  amount_ambiguous: {
    de: () => 'Das kann eins oder tausend heißen. Schreiben Sie 1000 oder 1,00, ohne Tausendertrennung.',
    en: () => 'This may be one or a thousand. Write 1000 or 1.00, without a thousands separator.',
  },
  percent: {
    de: () => 'Das ist kein Aufschlag in Prozent wie 12,5.',
    en: () => 'This is not a mark-up in percent such as 12.5.',
  },
  too_long: { de: (most) => `Höchstens ${most} Zeichen.`, en: (most) => `At most ${most} characters.` },
  control_character: {
    de: () => 'Das Feld enthält einen Zeilenumbruch oder ein anderes Steuerzeichen.',
    en: () => 'The field holds a line break or another control character.',
  },
  formula: {
    de: () => 'Das beginnt wie eine Formel (=, +, @). Lassen Sie das Zeichen weg.',
    en: () => 'This begins like a formula (=, +, @). Leave the sign out.',
  },
  product_unknown: {
    de: () => 'Diesen Tarif gibt es nicht. Er wird mit seinem Namen genannt.',
    en: () => 'There is no such product. It is given by its name.',
  },
  tenant_missing: {
    de: () => 'Wer neu ist, braucht einen Mandanten: sein Kürzel (slug) gehört hierher.',
    en: () => 'Somebody new needs a tenant: its slug belongs here.',
  },
  tenant_unknown: {
    de: () => 'Diesen Mandanten gibt es nicht. Er wird mit seinem Kürzel (slug) genannt.',
    en: () => 'There is no such tenant. It is given by its slug.',
  },
  tenant_not_yours: {
    de: () => 'Das ist nicht Ihr Mandant. Lassen Sie das Feld leer.',
    en: () => 'This is not your tenant. Leave the field empty.',
  },
  tenant_other: {
    de: () => 'Diese Person gehört zu einem anderen Mandanten. Der Import zieht niemanden um.',
    en: () => 'This person belongs to another tenant. An import moves nobody.',
  },
  address_taken: {
    de: () => 'Diese Adresse kann hier nicht verwendet werden.',
    en: () => 'This address cannot be used here.',
  },
  role_not_yours: {
    de: () => 'Diese Rolle kann nur ein Plattform-Admin vergeben.',
    en: () => 'Only a platform admin can give this role.',
  },
  person_not_yours: {
    de: () => 'Diese Person kann nur ein Plattform-Admin ändern.',
    en: () => 'Only a platform admin can change this person.',
  },
  oneself: {
    de: () => 'Am eigenen Konto ändert der Import nur Name und Sprache.',
    en: () => 'Of your own account an import changes name and language only.',
  },
  value_missing: {
    de: () => 'Für einen neuen Datensatz muss hier etwas stehen.',
    en: () => 'A new record needs something here.',
  },
  refused: { de: (detail) => `Abgelehnt: ${detail}`, en: (detail) => `Refused: ${detail}` },
} as const satisfies Record<string, Text> & Record<(typeof IMPORT_REFUSALS)[number], Text>;

export type FaultCode = keyof typeof TEXTS;

export function faultText(code: FaultCode, locale: Locale, detail = ''): string {
  return TEXTS[code][locale](detail);
}
