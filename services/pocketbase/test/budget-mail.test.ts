/** Mails that billing asks for: in the person's language and our layout, to an address that billing never sees. */
import { type Locale, MAIL_TEMPLATES, type MailRequest } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MailStage, setMailStage } from './mail-stage.ts';

type Named = { id: string; email: string; name: string };
let stage: MailStage;
let members: Record<Locale, Named>;
let admins: Record<Locale, Named>;
beforeAll(async () => {
  stage = await setMailStage();
  const named = async (name: string, fields: object) => ({ ...(await stage.createPerson({ name, ...fields })), name });
  const both = async (name: string, fields: object) => ({
    de: await named(name, { ...fields, locale: 'de' }),
    en: await named(name, { ...fields, locale: 'en' }),
  });
  members = await both('Mia Größe', {});
  admins = await both('Ann Admin', { role: 'tenant_admin' });
});
// Each test reads the mails that it caused.
beforeEach(() => {
  stage.sink.mails.length = 0;
});
afterAll(() => stage?.stop());

type Body = Pick<MailRequest, 'subjectId' | 'template' | 'values'>;
const send = async (body: Body | object) => {
  const response = await stage.internal('POST', 'mails', body);
  return { status: response.status, body: await response.json() };
};
const SENT = { status: 200, body: { sent: true } };
/** Numbers and their unit are kept together by a space that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');

const alert = { threshold: '80', spent: '8.123', limit: '1234.50', periodEnd: '2026-11-30T23:00:00.000Z' };
const VALUES: Record<Body['template'], Record<string, string>> = {
  budget_alert: alert,
  tenant_budget_alert: { ...alert, threshold: '100' },
  budget_request: { amount: '3.00', reason: 'eine Abschlussarbeit' },
  budget_decision: { outcome: 'approved', amount: '2.50', note: 'nur diesmal' },
  budget_request_decided: { outcome: 'declined', amount: '2.50' },
};

describe.each(MAIL_TEMPLATES)('%s', (template) => {
  test.each(['de', 'en'] as const)('%s: greeting, text, button and sender as in every mail', async (locale) => {
    const [member, admin] = [members[locale], admins[locale]];
    const toAdmin = !['budget_alert', 'budget_decision'].includes(template);
    const reader = toAdmin ? admin : member;
    const about = toAdmin && template !== 'tenant_budget_alert';
    const values = { ...VALUES[template], ...(about && { subjectId: member.id, decidedBy: admin.id }) };
    expect(await send({ subjectId: reader.id, template, values })).toEqual(SENT);
    const mail = await stage.sink.mailTo(reader.email);
    expect(mail.text).toContain(`${locale === 'de' ? 'Guten Tag' : 'Hello'} ${reader.name},`);
    expect(mail.headers.get('from')).toMatchObject({ text: '"CloudFreedom Österreich" <router@example.test>' });
    const page = template === 'tenant_budget_alert' ? 'overview' : 'requests';
    const link = toAdmin
      ? `https://portal.example.test/tenants/${stage.north.id}/${page}`
      : 'https://north.chat.example.test/budget';
    expect(mail.link).toBe(link);
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.html).toContain(`<html lang="${locale}">`);
    // Nothing that a text should have filled in is missing, in the subject, the text or the HTML.
    expect(mail.subject + mail.text + mail.html).not.toMatch(/undefined|null|NaN|\[object/);
    if (about) expect(plain(mail.text)).toContain('Mia Größe');
  });
});

test('amounts and the last day as the person writes them, in the tenant’s zone', async () => {
  const { de: german, en: english } = members;
  for (const { id } of [german, english])
    expect(await send({ subjectId: id, template: 'budget_alert', values: alert })).toEqual(SENT);
  const inGerman = await stage.sink.mailTo(german.email);
  const inEnglish = await stage.sink.mailTo(english.email);
  expect(inGerman.subject).toBe('80 % Ihres KI-Budgets sind verbraucht');
  expect(plain(inGerman.text)).toContain('8,123 € von 1.234,50 € verbraucht');
  expect(inGerman.text).toContain('30.11.2026');
  expect(inEnglish.subject).toBe('80% of your AI budget is spent');
  expect(inEnglish.text).toContain('€8.123 of €1,234.50');
  expect(inEnglish.text).toContain('30 November 2026');
});

test('a decision says which, with the note where there is one', async () => {
  const person = members.de;
  const declined = { outcome: 'declined', amount: '3.00', note: 'nächsten Monat' };
  expect(await send({ subjectId: person.id, template: 'budget_decision', values: declined })).toEqual(SENT);
  const first = await stage.sink.mailTo(person.email, 'Ihre Bitte um mehr KI-Budget wurde abgelehnt');
  expect(plain(first.text)).toContain('Anmerkung: nächsten Monat');
  const approved = { outcome: 'approved', amount: '2.50', note: '' };
  expect(await send({ subjectId: person.id, template: 'budget_decision', values: approved })).toEqual(SENT);
  const second = await stage.sink.mailTo(person.email, 'Mehr KI-Budget für Sie');
  expect(plain(second.text)).toContain('In diesem Monat haben Sie 2,50 € mehr.');
  expect(second.text).not.toContain('Anmerkung');
});

test('what people wrote can’t break out: no header, no markup, no paragraph of its own', async () => {
  const thief = await stage.createPerson({ name: 'Mia\r\nBcc: thief@example.com' });
  const admin = admins.de;
  const reason = 'a thesis\r\n.\r\nMAIL FROM <img src="https://thief.example.com/x.png">';
  const values = { amount: '3.00', reason, subjectId: thief.id };
  expect(await send({ subjectId: admin.id, template: 'budget_request', values })).toEqual(SENT);
  const mail = await stage.sink.mailTo(admin.email);
  expect(mail.recipients).toEqual([admin.email]);
  expect(mail.raw).not.toMatch(/^Bcc:/m);
  expect(mail.html).not.toContain('<img');
  expect(plain(mail.text)).toContain('Begründung: a thesis . MAIL FROM <img');
});

test('who is gone when it is sent is a question mark, not an error', async () => {
  const admin = admins.de;
  const values = { ...VALUES.budget_request_decided, subjectId: 'a'.repeat(15), decidedBy: 'b'.repeat(15) };
  expect(await send({ subjectId: admin.id, template: 'budget_request_decided', values })).toEqual(SENT);
  expect((await stage.sink.mailTo(admin.email)).subject).toBe('Entschieden: ? und mehr KI-Budget');
});

test('what is not right is refused with its field; who is gone or suspended gets nothing', async () => {
  const { id: subjectId } = await stage.createPerson({});
  const wrong: [object, string][] = [
    [{ subjectId: 'x', template: 'budget_alert', values: alert }, 'subjectId'],
    [{ subjectId, template: 'free_money', values: alert }, 'template'],
    [{ subjectId, template: 'password_reset', values: alert }, 'template'],
    [{ subjectId, template: 'budget_alert', values: { threshold: 80 } }, 'values.threshold'],
  ];
  for (const [body, field] of wrong) {
    const answer = await send(body);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(field)]);
  }
  await stage.superuser.collection('users').update(subjectId, { status: 'suspended' });
  for (const id of [subjectId, 'a'.repeat(15)])
    expect(await send({ subjectId: id, template: 'budget_alert', values: alert })).toEqual({
      status: 200,
      body: { sent: false },
    });
});
