/** The words of every mail in German. What a person typed (names) is put in as it is; the layout escapes it. */
const ignore =
  'Wenn Sie das nicht selbst angefordert haben, brauchen Sie nichts zu tun: Ohne diese Mail ändert sich nichts.';
const notYou =
  'Wenn Sie das nicht waren, wählen Sie bitte sofort ein neues Passwort und sagen Sie Ihrer Administration Bescheid.';

module.exports = {
  greeting: (name) => (name ? `Guten Tag ${name},` : 'Guten Tag,'),
  linkHint: 'Falls sich der Knopf nicht öffnen lässt, kopieren Sie diese Adresse in Ihren Browser:',
  automatic: 'Diese Mail wurde automatisch verschickt.',

  verification: ({ hours }) => ({
    subject: 'Bitte bestätigen Sie Ihre E-Mail-Adresse',
    lines: ['bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.'],
    button: 'E-Mail-Adresse bestätigen',
    notes: [`Der Link gilt ${hours} Stunden.`, ignore],
  }),
  password_reset: ({ minutes }) => ({
    subject: 'Neues Passwort wählen',
    lines: ['für Ihr Konto wurde ein neues Passwort angefordert. Mit dem Knopf wählen Sie es.'],
    button: 'Neues Passwort wählen',
    notes: [`Der Link gilt ${minutes} Minuten und nur einmal.`, ignore],
  }),
  email_change: ({ minutes }) => ({
    subject: 'Bitte bestätigen Sie Ihre neue E-Mail-Adresse',
    lines: [
      'mit dieser E-Mail-Adresse möchten Sie sich künftig anmelden. Bitte bestätigen Sie sie mit Ihrem Passwort.',
    ],
    button: 'Neue E-Mail-Adresse bestätigen',
    notes: [`Der Link gilt ${minutes} Minuten und nur einmal.`, ignore],
  }),
  code: ({ minutes }) => ({
    subject: 'Ihr Code für die Anmeldung',
    lines: ['mit diesem Code schließen Sie Ihre Anmeldung ab:'],
    notes: [`Der Code gilt ${minutes} Minuten und nur einmal. Geben Sie ihn niemandem weiter.`, notYou],
  }),
  invitation: ({ inviter, tenant, days }) => ({
    subject: `Einladung zu ${tenant}`,
    lines: [
      `${inviter} lädt Sie ein, mit ${tenant} ChatGPT, Claude und Gemini an einem Ort zu nutzen.`,
      'Nehmen Sie die Einladung an und wählen Sie, wie Sie sich künftig anmelden.',
    ],
    button: 'Einladung annehmen',
    notes: [`Die Einladung gilt ${days} Tage. Wenn Sie nichts damit anfangen können, ignorieren Sie sie einfach.`],
  }),
  password_changed: ({ time }) => ({
    subject: 'Ihr Passwort wurde geändert',
    lines: [`Ihr Passwort wurde am ${time} geändert. Alle früheren Sitzungen sind beendet.`],
    button: 'Neues Passwort wählen',
    notes: [notYou],
  }),
  email_changed: ({ time }) => ({
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    lines: [`Die E-Mail-Adresse Ihres Kontos wurde am ${time} geändert. Diese hier gilt nicht mehr für die Anmeldung.`],
    notes: ['Wenn Sie das nicht waren, sagen Sie bitte sofort Ihrer Administration Bescheid.'],
  }),
  account_waits: ({ time }) => ({
    subject: 'Viele falsche Passwörter für Ihr Konto',
    lines: [
      `am ${time} wurde für Ihr Konto zehnmal ein falsches Passwort eingegeben. Mit Passwort kann sich deshalb 15 Minuten lang niemand anmelden.`,
      'Wenn Sie nicht warten möchten, wählen Sie ein neues Passwort: Danach können Sie sich sofort anmelden.',
    ],
    button: 'Neues Passwort wählen',
    notes: ['Wenn Sie das nicht waren, ist Ihr Konto weiterhin sicher, solange Ihr Passwort nur Ihnen bekannt ist.'],
  }),
};
