/** Where mails go when no mail server is set: a folder, and a line in the terminal with the link. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ReceivedMail, type SmtpSink, startSmtpSink } from '@cloudfreedom/testkit';

/** Such as `2026-11-23T04-05-06-789Z user@demo.example.eml`. */
function fileName({ recipients }: ReceivedMail): string {
  const who = recipients.join(' ').replace(/[^\w.@ -]/g, '_');
  return `${new Date().toISOString().replace(/[:.]/g, '-')} ${who}.eml`;
}

export async function startMailbox(folder: string, report: (line: string) => void): Promise<SmtpSink> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return startSmtpSink((mail) => {
    const file = path.join(folder, fileName(mail));
    writeFileSync(file, mail.raw, { mode: 0o600 });
    report(`\nMail to ${mail.recipients.join(', ')}: ${mail.subject}\n  ${mail.link || mail.code || file}`);
  });
}
