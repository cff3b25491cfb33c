import type { SameTexts } from '@cloudfreedom/ui';
import type { en } from './en.ts';

export const de: SameTexts<typeof en> = {
  app: 'Chat',
  pitch: 'Mit KI-Modellen schreiben und immer sehen, was es kostet.',
  skip: 'Zum Nachrichtenfeld',
  menu: 'Unterhaltungen',
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
  conversations: {
    label: 'Unterhaltungen',
    new: 'Neue Unterhaltung',
    empty: 'Hier erscheinen Ihre Unterhaltungen.',
    more: 'Ältere zeigen',
    actions: 'Aktionen für {{title}}',
    rename: 'Umbenennen',
    renameTitle: 'Unterhaltung umbenennen',
    renameLabel: 'Titel',
    renameEmpty: 'Geben Sie einen Titel ein.',
    renameSave: 'Speichern',
    delete: 'Löschen',
    deleteTitle: 'Diese Unterhaltung löschen?',
    deleteText:
      '„{{title}}“ und alle Nachrichten darin werden endgültig gelöscht. Was berechnet wurde, bleibt in Ihrer Nutzung.',
    failed: 'Das hat nicht geklappt. {{why}}',
  },
  account: {
    download: 'Meine Daten herunterladen',
    downloadFailed: 'Nicht heruntergeladen. {{why}}',
    erase: 'Konto löschen',
    eraseTitle: 'Ihr Konto löschen?',
    eraseGoes:
      'Gelöscht werden Ihr Profil, Ihre API-Schlüssel, Anmeldungen und alle Unterhaltungen. Das lässt sich nicht rückgängig machen. Laden Sie Ihre Daten vorher herunter, wenn Sie sie behalten möchten.',
    eraseStays: 'Was Anfragen gekostet haben, bleibt in den Summen Ihrer Organisation, ohne Ihren Namen.',
    password: 'Ihr Passwort',
    eraseConfirm: 'Endgültig löschen',
  },
  models: {
    label: 'Modell: {{name}}',
    choose: 'Modell wählen',
    none: 'Kein Modell verfügbar',
    simulatedName: '{{name}} (simuliert)',
    simulatedNote: 'Simulierte Modelle ahmen Antworten nur nach.',
    search: 'Modell suchen',
    noMatch: 'Kein Modell passt dazu.',
    other: 'Weitere',
    loadFailed: 'Modelle nicht geladen',
  },
  budget: {
    label: 'Ihr Budget in diesem Monat',
    open: 'Budget: {{summary}}. Einzelheiten zeigen',
    free: '{{amount}} frei',
    spent: '{{amount}} verbraucht',
    month: 'Ihr Budget im {{month}}',
    period: 'Der Budgetzeitraum {{end}}.',
    holds: 'Reserviert für laufende Anfragen',
    unavailable: 'Budget nicht verfügbar',
  },
  composer: {
    label: 'Ihre Nachricht',
    placeholder: 'Nachricht schreiben',
    send: 'Senden',
    stop: 'Anhalten',
    hint: 'Eingabetaste sendet, Umschalt+Eingabe beginnt eine neue Zeile',
    tooLong: 'Diese Nachricht ist zu lang. Kürzen Sie sie auf höchstens 1.000.000 Zeichen.',
    noModel: 'Zurzeit kann kein Modell genutzt werden. Ihre Administration kann eines freigeben.',
    notSent: 'Ihre Nachricht wurde nicht gesendet. {{why}}',
  },
  thread: {
    welcome: 'Was möchten Sie wissen?',
    welcomeText: 'Wählen Sie ein Modell und schreiben Sie. Der Betrag jeder Antwort steht direkt darunter.',
    you: 'Ihre Nachricht',
    answerOf: 'Antwort von {{model}}',
    answer: 'Antwort',
    label: 'Nachrichten',
    waiting: 'Die Antwort ist unterwegs',
    charge: 'Betrag',
    toLatest: 'Zur neuesten Nachricht',
    imageBlocked: 'Bild: {{text}}',
    table: 'Tabelle',
    code: 'Code',
    noAnswer: 'Keine Antwort.',
    askAgain: 'Erneut fragen',
    opensNew: 'öffnet sich in einem neuen Fenster',
  },
  notice: {
    retry: 'Erneut fragen',
    retryCharged: 'Erneut fragen (wird neu berechnet)',
    stopped: 'Sie haben die Antwort angehalten. Was bis dahin geschrieben wurde, wird berechnet.',
    length: 'Die Antwort endete an ihrer Obergrenze. Das Modell oder Ihr Budget gibt sie vor.',
    contentFilter: 'Der Anbieter hat die Antwort wegen seiner Inhaltsregeln beendet.',
    cut: 'Die Verbindung ist abgebrochen. Was ankam, bleibt erhalten; erneutes Fragen wird neu berechnet.',
    unreachable: 'Der Modelldienst ist nicht erreichbar. Prüfen Sie Ihre Verbindung und fragen Sie erneut.',
    unavailable: 'Der Modelldienst hat eine Störung. Fragen Sie gleich noch einmal.',
    budgetUnchecked:
      'Ihr Budget konnte nicht geprüft werden, deshalb ging nichts an das Modell, und nichts wurde berechnet. Fragen Sie gleich noch einmal.',
    usageNotRecorded: 'Die Nutzung dieser Antwort konnte nicht festgehalten werden. Fragen Sie gleich noch einmal.',
    providerUnreachable:
      'Der Anbieter dieses Modells ist nicht erreichbar. Fragen Sie gleich noch einmal, oder wählen Sie ein anderes Modell.',
    providerFault:
      'Beim Anbieter dieses Modells ist ein Fehler aufgetreten. Fragen Sie erneut, oder wählen Sie ein anderes Modell.',
    providerTimeout:
      'Der Anbieter dieses Modells hat nicht rechtzeitig geantwortet. Fragen Sie erneut, oder wählen Sie ein anderes Modell.',
    providerOverloaded:
      'Der Anbieter dieses Modells ist überlastet. Warten Sie etwas, oder wählen Sie das Modell eines anderen Anbieters.',
    providerBusy:
      'Der Anbieter dieses Modells nimmt zurzeit keine weiteren Anfragen an. Warten Sie etwas, oder wählen Sie das Modell eines anderen Anbieters.',
    tooLong:
      'Diese Unterhaltung ist für das Modell zu lang. Beginnen Sie eine neue, oder wählen Sie ein Modell, das mehr aufnimmt.',
    contentRefused: 'Der Anbieter hat diese Frage wegen seiner Inhaltsregeln abgelehnt. Stellen Sie sie anders.',
    zero: 'Ihr Budget ist {{limit}}, deshalb ist keine Anfrage möglich. Fragen Sie Ihre Administration nach einem Budget.',
    spent:
      'Ihr Budget reicht für diese Antwort nicht: {{spent}} von {{limit}} sind verbraucht, {{remaining}} bleiben, und mindestens {{needed}} werden gebraucht. Es {{end}}. Fragen Sie Ihre Administration nach mehr.',
    spentTenant:
      'Das Budget Ihrer Organisation reicht für diese Antwort nicht; mindestens {{needed}} werden gebraucht. Es {{end}}. Fragen Sie Ihre Administration nach mehr.',
    spentPlain: 'Das Budget reicht für diese Antwort nicht. Fragen Sie Ihre Administration nach mehr.',
    held: '{{held}} des Budgets sind für laufende Anfragen reserviert, {{remaining}} bleiben, und mindestens {{needed}} werden gebraucht. Warten Sie, bis sie fertig sind, und fragen Sie dann erneut.',
    heldTenant:
      'Der Rest des Budgets Ihrer Organisation ist für laufende Anfragen reserviert; mindestens {{needed}} werden gebraucht. Fragen Sie in einem Moment erneut.',
    heldPlain:
      'Der Rest des Budgets ist für laufende Anfragen reserviert. Warten Sie, bis sie fertig sind, und fragen Sie dann erneut.',
    rateLimited: 'Zu viele Anfragen auf einmal. Warten Sie einen Moment und fragen Sie dann erneut.',
    sessionEnded: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an und fragen Sie dann noch einmal.',
    modelGone: 'Dieses Modell steht Ihnen nicht mehr zur Verfügung. Wählen Sie ein anderes und fragen Sie erneut.',
    suspended:
      'Sie dürfen diesen Dienst nicht nutzen: Ihr Konto oder Ihre Organisation ist gesperrt. Fragen Sie Ihre Administration.',
    refused: 'Die Anfrage wurde abgelehnt: {{message}}',
    unexpected:
      'Die Antwort war nicht lesbar. Fragen Sie erneut; geschieht es wieder, sagen Sie es Ihrer Administration.',
    notStored: 'Diese Antwort konnte nicht gespeichert werden und fehlt, wenn Sie wiederkommen. {{why}}',
  },
};
