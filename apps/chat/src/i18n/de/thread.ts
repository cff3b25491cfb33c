import type { SameTexts } from '@cloudfreedom/ui';
import type { thread as english } from '../en/thread.ts';

export const thread: SameTexts<typeof english> = {
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
    noAnswer: 'Keine Antwort.',
    askAgain: 'Erneut fragen',
    versions: 'Fassungen',
    versionBefore: 'Vorige Fassung',
    versionAfter: 'Nächste Fassung',
    versionOf: '{{at}} von {{count}}',
    edit: 'Bearbeiten',
    editLabel: 'Ihre Nachricht bearbeiten',
    editSend: 'Neu senden',
    unfold: 'Ganz zeigen',
    fold: 'Weniger zeigen',
    copy: 'Antwort kopieren',
    again: 'Neu antworten lassen (kostet erneut)',
    thinking: 'Denkt nach …',
    thought: 'Gedankengang des Modells',
    sources: 'Quellen',
  },
  servedBy: {
    busy: 'Der Anbieter war überlastet; stattdessen hat {{deployment}} geantwortet.',
    timeout: 'Der Anbieter antwortete nicht rechtzeitig; stattdessen hat {{deployment}} geantwortet.',
    unreachable: 'Der Anbieter war nicht erreichbar; stattdessen hat {{deployment}} geantwortet.',
    fault: 'Beim Anbieter trat ein Fehler auf; stattdessen hat {{deployment}} geantwortet.',
    other: 'Der erste Aufruf schlug fehl; geantwortet hat {{deployment}}.',
  },
  ending: {
    goOn: 'Fortsetzen',
    stopped: 'Sie haben die Antwort angehalten. Was bis dahin geschrieben wurde, wird berechnet.',
    cut: 'Die Verbindung ist abgebrochen. Was ankam, bleibt erhalten und wird berechnet; Fortsetzen oder erneutes Fragen kostet erneut.',
    length: 'Die Antwort endete an ihrer Obergrenze.',
    budget: 'Ihr Budget war mitten in der Antwort verbraucht. Was ankam, bleibt erhalten und wird berechnet.',
    filter: 'Der Anbieter hat die Antwort wegen seiner Inhaltsregeln beendet.',
    failed:
      'Ein Fehler hat die Antwort beendet. Was ankam, bleibt erhalten und wird berechnet; erneutes Fragen kostet erneut.',
  },
  notice: {
    retry: 'Erneut fragen',
    retryCharged: 'Erneut fragen (kostet erneut)',
    stopped: 'Sie haben die Antwort angehalten. Was bis dahin geschrieben wurde, wird berechnet.',
    length: 'Die Antwort endete an ihrer Obergrenze. Das Modell oder Ihr Budget gibt sie vor.',
    contentFilter: 'Der Anbieter hat die Antwort wegen seiner Inhaltsregeln beendet.',
    cut: 'Die Verbindung ist abgebrochen. Was ankam, bleibt erhalten; erneutes Fragen kostet erneut.',
    empty: 'Das Modell hat nichts geantwortet. Fragen Sie erneut, oder stellen Sie die Frage anders.',
    fileMissing: 'Eine Datei dieser Unterhaltung war nicht abrufbar, deshalb ging nichts an das Modell. {{why}}',
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
