/** Mails that billing asks for: in the person's language, to an address that billing never sees. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
let smtp: Server;
const mails: string[] = [];

/** As little SMTP as a client needs to leave a mail. */
function receive(socket: Socket): void {
  let data: string | null = null;
  socket.write('220 test\r\n');
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const text = chunk.toString('utf8');
    if (data === null && !text.startsWith('DATA')) {
      socket.write(text.startsWith('QUIT') ? '221 bye\r\n' : '250 fine\r\n');
      return;
    }
    if (data === null) {
      data = '';
      socket.write('354 go on\r\n');
      return;
    }
    data += text;
    if (!data.endsWith('\r\n.\r\n')) return;
    mails.push(data);
    data = null;
    socket.write('250 taken\r\n');
  });
}

/** The text part, with quoted-printable and its line breaks undone. */
function read(mail: string): string {
  const joined = mail.replace(/=\r\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
    .toString('utf8')
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, word: string) => word.replaceAll('_', ' '));
}

beforeAll(async () => {
  stage = await setStage();
  smtp = createServer(receive);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  smtp?.close();
  await stage.server.stop();
});

const send = async (body: unknown) => {
  const response = await stage.internal('POST', 'mails', body);
  return { status: response.status, body: await response.json() };
};
const values = { threshold: '80', spent: '8.123', limit: '10.00', periodEnd: '2026-11-30T23:00:00.000Z' };

test('without a mail server nothing is sent, and billing is told so', async () => {
  const asked = { subjectId: stage.people.member.id, template: 'budget_alert', values };
  expect(await send(asked)).toEqual({ status: 200, body: { sent: false } });
});

test('in the language of the person, with the last day in the tenant’s zone; headers can’t be broken into', async () => {
  const { port } = smtp.address() as AddressInfo;
  await stage.superuser.settings.update({
    smtp: { enabled: true, host: '127.0.0.1', port, username: '', password: '', tls: false },
  });
  const { member, colleague, admin } = stage.people;
  await stage.superuser.collection('users').update(member.id, { locale: 'de', name: 'Mia\r\nBcc: thief@example.com' });
  await stage.superuser.collection('users').update(colleague.id, { locale: 'en' });
  for (const person of [member, colleague])
    expect(await send({ subjectId: person.id, template: 'budget_alert', values })).toMatchObject({
      body: { sent: true },
    });
  const request = { amount: '3.00', reason: 'a thesis\r\n.\r\nMAIL FROM', subjectId: member.id };
  expect(await send({ subjectId: admin.id, template: 'budget_request', values: request })).toMatchObject({
    body: { sent: true },
  });
  const decided = { subjectId: member.id, decidedBy: colleague.id, outcome: 'approved', amount: '2.50' };
  expect(await send({ subjectId: admin.id, template: 'budget_request_decided', values: decided })).toMatchObject({
    body: { sent: true },
  });
  const [german, english, asked, told] = mails.map(read);
  expect(told).toContain(`Carl Colleague hat die Bitte von Mia`);
  expect(told).toContain('2,50 € mehr in diesem Monat');
  expect(german).toContain(`To: ${member.email}`.replace('To: ', ''));
  expect(german).toContain('80 % Ihres KI-Budgets sind verbraucht');
  expect(german).toContain('8,12 € von 10,00 €');
  expect(german).toContain('30.11.2026');
  expect(english).toContain('80% of your AI budget is spent');
  expect(english).toContain('30 November 2026');
  expect(asked).not.toMatch(/^Bcc:/m);
  expect(asked).toContain('a thesis . MAIL FROM'.replace(' . ', '  .  '));
});

test('what is not right is refused with its field; who is gone or suspended gets nothing', async () => {
  const subjectId = stage.people.colleague.id;
  const wrong: [object, string][] = [
    [{ subjectId: 'x', template: 'budget_alert', values }, 'subjectId'],
    [{ subjectId, template: 'free_money', values }, 'template'],
    [{ subjectId, template: 'budget_alert', values: { threshold: 80 } }, 'values.threshold'],
  ];
  for (const [body, field] of wrong) {
    const answer = await send(body);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(field)]);
  }
  await stage.superuser.collection('users').update(subjectId, { status: 'suspended' });
  for (const id of [subjectId, 'a'.repeat(15)])
    expect(await send({ subjectId: id, template: 'budget_alert', values })).toEqual({
      status: 200,
      body: { sent: false },
    });
});
