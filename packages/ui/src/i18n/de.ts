import type { en } from './en.ts';
import type { SameTexts } from './text-tree.ts';

export const de: SameTexts<typeof en> = {
  brand: 'CloudFreedom',
  actions: {
    retry: 'Erneut versuchen',
    close: 'Schließen',
    cancel: 'Abbrechen',
    signOut: 'Abmelden',
    copy: '{{value}} kopieren',
    copied: 'Kopiert',
  },
  appearance: {
    menu: 'Konto und Darstellung',
    language: 'Sprache',
    scheme: 'Darstellung',
    light: 'Hell',
    dark: 'Dunkel',
    auto: 'System',
  },
  signIn: {
    title: 'Anmelden',
    againTitle: 'Bitte melden Sie sich erneut an',
    againText: 'Ihre Sitzung ist beendet. Was Sie geschrieben haben, ist noch da.',
    email: 'E-Mail',
    password: 'Passwort',
    submit: 'Anmelden',
    emailMissing: 'Geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@firma.de.',
    passwordMissing: 'Geben Sie Ihr Passwort ein.',
    wrong: 'E-Mail und Passwort passen zu keinem aktiven Konto. Prüfen Sie beides oder fragen Sie Ihre Administration.',
    tooMany: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann erneut.',
    unreachable: 'Die Anmeldung ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    imprint: 'Impressum',
    privacy: 'Datenschutz',
  },
  config: {
    title: 'Diese App ist noch nicht eingerichtet',
    missing: 'Ihre Einstellungen (/config.json) sind nicht lesbar. Wer diese App betreibt, muss sie bereitstellen.',
    wrong: 'Ihre Einstellungen (/config.json) haben Fehler. Wer diese App betreibt, muss sie beheben:',
  },
  failure: {
    title: 'Das konnte nicht geladen werden',
    unreachable: 'Der Dienst ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
    unavailable: 'Der Dienst steht gerade nicht zur Verfügung. Versuchen Sie es gleich noch einmal.',
    forbidden: 'Das dürfen Sie nicht sehen oder tun. Fragen Sie Ihre Administration.',
    notFound: 'Das gibt es nicht, oder Sie dürfen es nicht sehen.',
    sessionEnded: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an, um fortzufahren.',
    tooMany: 'Zu viele Anfragen auf einmal. Warten Sie einen Moment und versuchen Sie es erneut.',
    refused: 'Der Dienst hat die Anfrage abgelehnt: {{message}}',
    unexpected:
      'Der Dienst hat eine Antwort gegeben, die diese App nicht versteht. Wenn es wieder geschieht, sagen Sie es Ihrer Administration.',
  },
  budget: {
    spent: 'verbraucht',
    held: 'reserviert',
    free: 'frei',
    noLimit: 'ohne Grenze',
    low: 'bald aufgebraucht',
    usedUp: 'aufgebraucht',
    summary: '{{spent}} verbraucht, {{held}} reserviert, {{free}} frei von {{limit}}',
    summaryNoLimit: '{{spent}} verbraucht, {{held}} reserviert, ohne Grenze',
  },
  time: {
    now: 'gerade eben',
    periodEnd: 'endet am {{date}} um 24:00 Uhr ({{zone}})',
  },
};
