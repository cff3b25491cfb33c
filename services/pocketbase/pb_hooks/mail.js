/** Every mail that we send: its kind, the language of who gets it, and the link to our own page. */
const layout = require(`${__hooks}/mail-layout.js`);
const budget = require(`${__hooks}/budget-mail-texts.js`);
const LANGUAGES = {
  de: { ...require(`${__hooks}/mail-texts-de.js`), ...budget.de },
  en: { ...require(`${__hooks}/mail-texts-en.js`), ...budget.en },
};

function compose(app, kind, recipient, { url = '', code = '', ...values }) {
  const language = recipient.getString('locale') === 'en' ? 'en' : 'de';
  const texts = LANGUAGES[language];
  const clean = {};
  for (const name in values) clean[name] = layout.oneLine(values[name]);
  const { subject, lines, button, notes } = texts[kind](clean);
  return layout.lay({
    language,
    subject: layout.oneLine(subject),
    appName: app.settings().meta.appName,
    greeting: texts.greeting(layout.oneLine(recipient.getString('name'))),
    lines,
    label: button,
    url,
    linkHint: texts.linkHint,
    code,
    notes,
    automatic: texts.automatic,
  });
}

module.exports = {
  /** Our words in the place of PocketBase's. `recipient`: a person or an invitation; `values`: what the text names. */
  rewrite(e, kind, recipient, values) {
    const { subject, html, text } = compose(e.app, kind, recipient, values);
    e.message.subject = subject;
    e.message.html = html;
    e.message.text = text;
  },

  /** @throws Error where the mail server doesn't take it */
  send(app, kind, recipient, address, values) {
    const { subject, html, text } = compose(app, kind, recipient, values);
    const { senderName, senderAddress } = app.settings().meta;
    app.newMailClient().send(
      new MailerMessage({
        from: { name: senderName, address: senderAddress },
        to: [{ address }],
        subject,
        html,
        text,
      }),
    );
  },
};
