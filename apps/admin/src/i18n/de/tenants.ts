import type { SameTexts } from '@cloudfreedom/ui';
import type { tenants as english } from '../en/tenants.ts';

export const tenants: SameTexts<typeof english> = {
  tenants: {
    new: 'Neuer Mandant',
    create: 'Mandant anlegen',
    empty: 'Noch keine Mandanten',
    toOverview: 'Zum Überblick dieses Mandanten',
    slug: 'Kurzname',
    slugHint: 'Steht in Adressen.',
    type: 'Art',
    timeZone: 'Zeitzone',
    zoneHint: 'Sie bestimmt, wann ein Monat beginnt.',
    localeHint: 'Für neue Personen und Mails.',
    budget: 'Monatsbudget in Euro',
    budgetHint: 'Für alle zusammen. Leer: Es zählen die Budgets der Personen.',
    noBudget: 'kein eigenes',
    markup: 'Aufschlag in Prozent',
    markupHint: 'Auf die Kosten der Anbieter. Gilt ab der nächsten Anfrage.',
    domains: 'Domains',
    domainsHint: 'Eigene Hostnamen, einer je Zeile: app.… ist der Chat, ai.… der Proxy.',
    expires: 'Ende der Demo',
    singleSignOn: 'Anmeldung nur über den eigenen Anbieter',
    singleSignOnHint: 'Passwörter und Codes per Mail werden dann abgelehnt.',
    singleSignOnMissing:
      'Möglich, sobald diese Installation einen Anmeldedienst hat; bis dahin melden sich alle mit Passwort an.',
    retention: 'Aufbewahrung in Tagen',
    limitsHint: 'Grenzen aller Personen zusammen, gleich mit welchem Tarif. Leer heißt ohne Grenze.',
    retentionHint: 'Danach werden Unterhaltungen gelöscht. Leer: wie auf der Plattform üblich.',
    answerCache: 'Frühere Antworten wieder ausgeben',
    answerCacheHint:
      'Ob eine Anfrage, die es verlangt, kostenlos die Antwort auf eine gleiche frühere bekommen darf. Antworten liegen dann im Redis des Mandanten, üblicherweise eine Stunde.',
    signUpDomain: 'Selbst beitreten: E-Mail-Domain',
    signUpHint: 'Wer sich mit einer Adresse dieser Domain über einen Anbieter anmeldet, gehört dazu.',
    signUpProduct: 'Selbst beitreten: Tarif',
    signUpProductHint: 'Ohne Tarif kann niemand selbst beitreten.',
    noSignUp: 'keiner',
    accessActive_one: 'Dieser Mandant ist aktiv. {{count}} Person gehört zu ihm.',
    accessActive_other: 'Dieser Mandant ist aktiv. {{count}} Personen gehören zu ihm.',
    accessSuspended_one: 'Dieser Mandant ist gesperrt, und mit ihm {{count}} Person.',
    accessSuspended_other: 'Dieser Mandant ist gesperrt, und mit ihm {{count}} Personen.',
    suspendText_one:
      'Ab der nächsten Sekunde werden Anmeldung, Sitzungen und API-Schlüssel seiner {{count}} Person abgelehnt. Budgets, Nutzung und Unterhaltungen bleiben; Sie können ihn jederzeit wieder freigeben.',
    suspendText_other:
      'Ab der nächsten Sekunde werden Anmeldung, Sitzungen und API-Schlüssel seiner {{count}} Personen abgelehnt. Budgets, Nutzung und Unterhaltungen bleiben; Sie können ihn jederzeit wieder freigeben.',
    reactivateText_one:
      'Seine {{count}} Person kann sich neu anmelden, und nicht widerrufene API-Schlüssel gelten wieder.',
    reactivateText_other:
      'Seine {{count}} Personen können sich neu anmelden, und nicht widerrufene API-Schlüssel gelten wieder.',
  },
  answerCache: {
    off: 'nie',
    person: 'nur die eigenen',
    tenant: 'die des ganzen Mandanten',
  },
  tenantType: {
    internal: 'intern',
    internalMeaning: 'Die eigene Organisation: echte Anbieter, kein Aufschlag.',
    demo: 'Demo',
    demoMeaning: 'Nur simulierte Anbieter; endet von selbst zum angegebenen Zeitpunkt.',
    dev: 'Entwicklung',
    devMeaning: 'Zum Ausprobieren: echte Anbieter, simulierte wo kein Schlüssel hinterlegt ist; localhost ist erlaubt.',
    enterprise: 'Unternehmen',
    enterpriseMeaning:
      'Ein Kunde: echte Anbieter, Anmeldung über den eigenen Anbieter, wo einer eingerichtet ist, eigene Aufbewahrung.',
  },
  proxy: {
    title: 'Proxy',
    never:
      'Noch nie hat sich ein Proxy dieses Mandanten gemeldet. Legen Sie unten ein Diensttoken an, hinterlegen Sie es beim Proxy des Mandanten und starten Sie ihn.',
    up: 'Erreichbar',
    down: 'Nicht erreichbar',
    downText:
      'Zuletzt gemeldet hat er sich {{time}}. Anfragen dieses Mandanten werden wahrscheinlich nicht beantwortet.',
    checked: 'Gemeldet',
    version: 'Version',
    started: 'Läuft seit',
    outbox: 'Wartende Abrechnungen',
    outboxUnknown: 'Die Datenbank des Mandanten antwortet nicht.',
    outboxText: 'Sie werden abgerechnet, sobald die Abrechnung sie hat.',
    providers: 'Anbieter',
    byProvider: '{{provider}}: bedient',
    bySimulator: '{{provider}}: simuliert',
    byNobody: '{{provider}}: kein Schlüssel',
    failing: 'Gestörte Deployments',
    none: 'keine',
  },
  bundle: {
    title: 'Installationspaket',
    text: 'Was für diesen Mandanten läuft: API, Chat und ihre Datenbanken, als eine Datei für Docker Compose oder Coolify. Die Geheimnisse sind eingetragen.',
    domain: 'Domain des Pakets',
    domainHint: 'Darunter liegen ai. für Programme und app. für den Chat.',
    domainFault: 'Schreiben Sie einen Hostnamen wie acme.example, ohne https:// und Pfad.',
    webui: 'Mit Open WebUI',
    webuiHint: 'Neben dem Chat, mit derselben Anmeldung.',
    twoAddresses:
      'Hier haben PocketBase und Identity zwei Adressen. Was ausgeliefert wird, erwartet beide unter einer: Laden Sie das Paket im Portal jener Installation herunter.',
    download: 'Paket herunterladen',
    askTitle: 'Paket von {{name}} herunterladen?',
    askText:
      'Ein neues Service-Token entsteht; frühere gelten weiter, bis Sie sie widerrufen. Passwörter entstehen in diesem Browser und stehen nur in der Datei: Verwahren Sie sie sicher, sie lässt sich nicht noch einmal herunterladen. Datenbanken, die schon laufen, haben andere Passwörter: Behalten Sie die Datei, mit der sie angelegt wurden, und tragen Sie dort nur das neue Service-Token ein.',
    askTextWebui:
      'Ein neues Service-Token entsteht; frühere gelten weiter, bis Sie sie widerrufen. Open WebUI erhält ein neues Geheimnis für die Anmeldung; ein früheres endet sofort. Passwörter entstehen in diesem Browser und stehen nur in der Datei: Verwahren Sie sie sicher, sie lässt sich nicht noch einmal herunterladen. Datenbanken, die schon laufen, haben andere Passwörter: Behalten Sie die Datei, mit der sie angelegt wurden.',
    done: '{{file}} ist heruntergeladen.',
    next: 'Auf dem Server: entpacken, in TENANT_SECRETS.env eintragen, wo Ihre Images liegen (IMAGE_REGISTRY), und starten.',
  },
  tokens: {
    title: 'Service-Token',
    text: 'Damit weisen sich Proxy und Chat dieses Mandanten aus. Zum Wechseln: neuen anlegen, einsetzen, dann den alten widerrufen.',
    empty: 'Noch kein Service-Token.',
    name: 'Name des Service-Tokens',
    namePlaceholder: 'zum Beispiel Proxy 2027',
    create: 'Token anlegen',
    createdTitle: 'Der neue Service-Token',
    created: 'angelegt:',
    revoked: 'widerrufen',
    revoke: 'Widerrufen',
    revokeOf: '{{name}} widerrufen',
    revokeTitle: '{{name}} widerrufen?',
    revokeText:
      'Ab der nächsten Anfrage wird er abgelehnt. Ein Proxy, der ihn noch benutzt, beantwortet dann nichts mehr. Das lässt sich nicht zurücknehmen.',
  },
};
