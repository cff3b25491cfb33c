/** Mails that billing asks for by subject id and template: the address and the language are known here only. */
const TEMPLATES = [
  'budget_alert',
  'tenant_budget_alert',
  'budget_request',
  'budget_decision',
  'budget_request_decided',
];
const VALUE_MAX = 1000;
const WITHOUT_MAIL = { sent: false };

/** One line, no control characters: a value can't begin a header or a paragraph of its own. */
function clean(value) {
  return Array.from(`${value}`.slice(0, VALUE_MAX), (letter) => (letter < ' ' || letter === '\u007f' ? ' ' : letter))
    .join('')
    .trim();
}

function checked(body) {
  const { subjectId, template, values } = body;
  if (!/^[a-z0-9]{15}$/.test(`${subjectId}`)) throw new BadRequestError('The field subjectId must be a record id.');
  if (!TEMPLATES.includes(template)) throw new BadRequestError(`The field template must be one of ${TEMPLATES}.`);
  if (!values || typeof values !== 'object') throw new BadRequestError('The field values must be an object of texts.');
  const texts = {};
  for (const name in values) {
    if (typeof values[name] !== 'string') throw new BadRequestError(`The field values.${name} must be a text.`);
    texts[name] = clean(values[name]);
  }
  return { subjectId, template, values: texts };
}

function find(id) {
  const [person] = $app.findRecordsByFilter('users', 'id = {:id}', '', 1, 0, { id });
  return person;
}

function nameOf(id) {
  const person = find(id);
  return (person && clean(person.getString('name'))) || '?';
}

/** "30.11.2026" or "30 November 2026", the last day on which it counts. */
function dayOf(iso, person) {
  const tenant = $app.findRecordById('tenants', person.getString('tenant'));
  const last = new DateTime(new Date(Date.parse(iso) - 1).toISOString()).time();
  const format = person.getString('locale') === 'en' ? '2 January 2006' : '02.01.2006';
  try {
    return last.in(new Timezone(tenant.getString('time_zone'))).format(format);
  } catch {
    return last.format(format);
  }
}

module.exports = {
  /** @returns whether a mail was sent: not to who is gone, suspended or no person, and not without a mail server */
  send(rawBody) {
    const { subjectId, template, values } = checked(JSON.parse(JSON.stringify(rawBody)));
    const person = find(subjectId);
    if (person?.getString('kind') !== 'person' || person.getString('status') !== 'active') return WITHOUT_MAIL;
    if (!$app.settings().smtp.enabled || person.email() === '') return WITHOUT_MAIL;
    if (values.periodEnd) values.until = dayOf(values.periodEnd, person);
    if (values.subjectId) values.person = nameOf(values.subjectId);
    if (values.decidedBy) values.decider = nameOf(values.decidedBy);
    const texts = require(`${__hooks}/budget-mail-texts.js`)[person.getString('locale') === 'en' ? 'en' : 'de'];
    const { subject, lines } = texts[template](values);
    const { appName, senderName, senderAddress } = $app.settings().meta;
    $app.newMailClient().send(
      new MailerMessage({
        from: { name: senderName, address: senderAddress },
        to: [{ address: person.email() }],
        subject,
        text: `${[...lines, `-- \n${appName}`].join('\n\n')}\n`,
      }),
    );
    return { sent: true };
  },
};
