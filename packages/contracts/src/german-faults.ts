/** The schemas' own sentences about a field, in German; zod's are translated by zod. */
export const GERMAN_FAULTS: Readonly<Record<string, string>> = {
  'must be 8 to 500 visible ASCII characters without spaces':
    'muss aus 8 bis 500 sichtbaren ASCII-Zeichen ohne Leerzeichen bestehen',
  'USD per million units as a decimal number, for example "2.50"':
    'US-Dollar je Million Einheiten als Dezimalzahl, zum Beispiel "2.50"',
  'name at least one price': 'nennen Sie mindestens einen Preis',
  'euro per dollar as a decimal number, for example "0.86"': 'Euro je Dollar als Dezimalzahl, zum Beispiel "0.86"',
  'no plausible rate of euro per dollar': 'kein glaubhafter Kurs von Euro je Dollar',
  'name at least one field to change': 'nennen Sie mindestens ein Feld, das sich ändern soll',
  'must be a plain name of a file': 'muss ein einfacher Dateiname sein',
  'must not contain the character U+0000': 'darf das Zeichen U+0000 nicht enthalten',
  'must not be 0': 'darf nicht 0 sein',
  'must be more than 0': 'muss mehr als 0 sein',
  'must not be negative': 'darf nicht negativ sein',
  "is billing's own word": 'ist ein Wort von Billing selbst',
  'must be after `from`': 'muss nach `from` liegen',
  'a record id: 15 lower-case letters and digits': 'eine Datensatz-ID: 15 Kleinbuchstaben und Ziffern',
  'lower-case letters, digits and hyphens, at most 40 characters':
    'Kleinbuchstaben, Ziffern und Bindestriche, höchstens 40 Zeichen',
  'letters, digits and . _ : / @ -, at most 120 characters':
    'Buchstaben, Ziffern und . _ : / @ -, höchstens 120 Zeichen',
  'a decimal string in euro with at most 9 places, for example "12.50"':
    'ein Betrag in Euro als Dezimalzahl mit höchstens 9 Nachkommastellen, zum Beispiel "12.50"',
  'a decimal string in USD with at most 9 places, for example "0.15"':
    'ein Betrag in US-Dollar als Dezimalzahl mit höchstens 9 Nachkommastellen, zum Beispiel "0.15"',
};
