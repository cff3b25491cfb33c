import type { SameTexts } from '@cloudfreedom/ui';
import type { shell as english } from '../en/shell.ts';

export const shell: SameTexts<typeof english> = {
  app: 'Portal',
  pitch: 'Budgets, Personen und Nutzung Ihrer Organisation.',
  skip: 'Zum Inhalt',
  menu: 'Menü',
  nav: {
    label: 'Seiten',
    overview: 'Überblick',
    people: 'Personen',
    usage: 'Nutzung',
    tenants: 'Mandanten',
    products: 'Tarife',
    models: 'Modelle',
    prices: 'Preise',
    providerKeys: 'Anbieter-Schlüssel',
    keys: 'API-Schlüssel',
    audit: 'Änderungsprotokoll',
    contentLog: 'Inhaltsprotokoll',
    requests: 'Anfragen nach mehr',
    productsAndModels: 'Tarife und Modelle',
    system: 'System',
  },
  title: { page: '{{page}} · {{tenant}} · CloudFreedom', bare: 'CloudFreedom Portal' },
  tenant: {
    label: 'Mandant',
    demoUntil: 'Demo bis {{date}}; danach kann sich niemand mehr anmelden.',
    simulated: 'Simuliert: {{providers}}. Budgets und Beträge zählen wie im Ernstfall; bezahlt wird kein Anbieter.',
    suspended:
      'Dieser Mandant ist gesperrt: Seine Personen können sich nicht anmelden, seine API-Schlüssel werden abgelehnt.',
  },
  notAdmitted: {
    title: 'Dies ist das Portal für die Administration',
    text: 'Sie sind als {{email}} angemeldet. Um mit KI-Modellen zu schreiben, öffnen Sie den Chat Ihrer Organisation. Wenn Sie hier Zugang haben sollten, fragen Sie Ihre Administration.',
    chat: 'Zum Chat',
  },
  notFound: {
    title: 'Diese Seite gibt es nicht',
    text: 'Die Adresse ist vielleicht falsch geschrieben, oder was sie zeigte, gibt es nicht mehr.',
    back: 'Zum Überblick',
  },
};
