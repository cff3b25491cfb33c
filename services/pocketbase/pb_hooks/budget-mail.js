/** Mails that billing asks for by subject id and template: the address and the language are known here only. */
const mail = require(`${__hooks}/mail.js`);
const links = require(`${__hooks}/app-links.js`);
const VALUE_MAX = 1000;
const WITHOUT_MAIL = { sent: false };

/** Where each leads: the page of their own budget, or the pages of an admin's tenant. */
const ownBudget = (person) => (person.getString('role') === 'member' ? '/budget' : '/');
const ofTenant = (page) => (person) => `/tenants/${person.getString('tenant')}/${page}`;
const PATHS = {
  budget_alert: ownBudget,
  tenant_budget_alert: ofTenant('overview'),
  budget_request: ofTenant('requests'),
  budget_decision: ownBudget,
  budget_request_decided: ofTenant('requests'),
};

function checked({ subjectId, template, values }) {
  if (!/^[a-z0-9]{15}$/.test(`${subjectId}`)) throw new BadRequestError('The field subjectId must be a record id.');
  if (!Object.keys(PATHS).includes(template))
    throw new BadRequestError(`The field template must be one of ${Object.keys(PATHS)}.`);
  if (!values || typeof values !== 'object') throw new BadRequestError('The field values must be an object of texts.');
  const texts = {};
  for (const name in values) {
    if (typeof values[name] !== 'string') throw new BadRequestError(`The field values.${name} must be a text.`);
    texts[name] = values[name].slice(0, VALUE_MAX);
  }
  return { subjectId, template, values: texts };
}

function find(id) {
  const [person] = $app.findRecordsByFilter('users', 'id = {:id}', '', 1, 0, { id });
  return person;
}

const nameOf = (id) => find(id)?.getString('name').trim() || '?';

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
    const url = links.to($app, person, PATHS[template](person));
    mail.send($app, template, person, person.email(), { ...values, url });
    return { sent: true };
  },
};
