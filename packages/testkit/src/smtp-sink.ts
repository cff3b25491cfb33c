/** A mail server that takes every mail and delivers none: for tests, and for the launcher where no real one is set. */
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** Who it was for by the envelope, whatever its headers say. */
  recipients: string[];
  subject: string;
  text: string;
  html: string;
  /** The first address that its text links to, or ''. */
  link: string;
  /** Its one-time code, or ''. */
  code: string;
  /** Names in lower case. */
  headers: ParsedMail['headers'];
  /** As it came over the wire. */
  raw: string;
}

export interface SmtpSink {
  host: string;
  port: number;
  mails: ReceivedMail[];
  /** The newest mail to this address with such a subject. Waits for it. @throws Error when none comes within 10 s */
  mailTo(address: string, subject?: string): Promise<ReceivedMail>;
  stop(): Promise<void>;
}

const POLL_MS = 20;
const WAIT_MS = 10_000;

async function read(chunks: Buffer[], recipients: string[]): Promise<ReceivedMail> {
  const raw = Buffer.concat(chunks);
  const mail = await simpleParser(raw);
  const text = mail.text ?? '';
  return {
    recipients,
    subject: mail.subject ?? '',
    text,
    html: mail.html || '',
    link: /https?:\/\/\S+/.exec(text)?.[0] ?? '',
    code: /^ *(\d{8})$/m.exec(text)?.[1] ?? '',
    headers: mail.headers,
    raw: raw.toString(),
  };
}

/** Listens on a port of 127.0.0.1 that the system chooses. */
export async function startSmtpSink(onMail?: (mail: ReceivedMail) => void): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        read(chunks, recipients).then((mail) => {
          mails.push(mail);
          onMail?.(mail);
          done();
        }, done);
      });
    },
  });
  server.on('error', () => {}); // a client that hangs up is no concern of ours
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    mails,
    async mailTo(address, subject = '') {
      const deadline = Date.now() + WAIT_MS;
      for (;;) {
        const found = mails.findLast((mail) => mail.recipients.includes(address) && mail.subject.includes(subject));
        if (found) return found;
        if (Date.now() > deadline) throw new Error(`No mail "${subject}" to ${address} after ${WAIT_MS} ms.`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
