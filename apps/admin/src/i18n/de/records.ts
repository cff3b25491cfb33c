import type { SameTexts } from '@cloudfreedom/ui';
import type { records as english } from '../en/records.ts';

export const records: SameTexts<typeof english> = {
  record: {
    saved: 'Gespeichert.',
    empty: 'leer',
    typed: 'Ihre Eingabe: {{value}}',
    changedTitle: 'Inzwischen hat jemand anderes gespeichert',
    changedText: 'Ihre Eingaben sind noch da und nichts wurde überschrieben. Entscheiden Sie, was gelten soll.',
    takeTheirs: 'Fremden Stand übernehmen',
    keepMine: 'Meine Eingaben behalten',
  },
  secret: { once: 'Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt.', copy: 'Kopieren' },
  fault: {
    required: 'Dieses Feld darf nicht leer sein.',
    taken: 'Das ist schon vergeben. Wählen Sie etwas anderes.',
    count: 'Geben Sie eine ganze Zahl von 0 bis {{max}} ein.',
    percent: 'Geben Sie einen Prozentsatz ein, zum Beispiel 12,5.',
    slug: 'Kleinbuchstaben, Ziffern und Bindestriche, 2 bis 40 Zeichen, zum Beispiel beispiel-gmbh.',
    timeZone: 'Diese Zeitzone gibt es nicht.',
    internalMarkup: 'Ein interner Mandant zahlt keinen Aufschlag.',
    demoExpiry: 'Eine Demo braucht den Zeitpunkt, an dem sie endet.',
    expiryOfDemoOnly: 'Nur eine Demo endet von selbst.',
    enterpriseOnly: 'Das gibt es nur bei Unternehmen.',
    domains: 'Schreiben Sie Hostnamen wie chat.example.com, höchstens 50. localhost geht nur bei Entwicklung.',
    repeatedDomain: 'Nennen Sie jede Domain nur einmal.',
    domainTaken: 'Eine dieser Domains gehört schon zu einem anderen Mandanten.',
    providerKey: 'Geben Sie den Schlüssel ein, wie der Anbieter ihn zeigt, ohne Leerzeichen, mindestens 8 Zeichen.',
    range: 'Geben Sie eine ganze Zahl von {{min}} bis {{max}} ein.',
    modelName: 'Schreiben Sie den Namen ohne Leerzeichen, wie Programme ihn senden.',
    deployment: 'Nur Buchstaben, Ziffern und . _ : / @ -, höchstens 120.',
    keyName: 'Kleinbuchstaben, Ziffern und Bindestriche, höchstens 40.',
    usd: 'Geben Sie US-Dollar je Million Token ein, zum Beispiel 0,15.',
    bothPrices: 'Eingabe und Ausgabe brauchen einen Preis; 0 ist einer.',
    baseUrl: 'Schreiben Sie eine http(s)-Adresse ohne Benutzer, Abfrage und Fragment, etwa https://host/v1.',
    other: 'Das wurde nicht angenommen: {{message}}',
  },
};
