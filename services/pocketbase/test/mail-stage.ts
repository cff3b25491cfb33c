/** The stage of this service with a mail server and our pages' addresses. */
import { randomInt } from 'node:crypto';
import { type ReceivedMail, type SmtpSink, startSmtpSink } from '@cloudfreedom/testkit';
import type PocketBase from 'pocketbase';
import { type Stage, setStage } from './stage.ts';

const PORTAL_URL = 'https://portal.example.test';
const CHAT_URL = 'https://{tenant}.chat.example.test';

export interface MailStage extends Stage {
  sink: SmtpSink;
  /** Behind the trusted proxy: a client at this address, or at one of its own, so that tests share no limits. */
  guest(address?: string): PocketBase;
  /** Sends what waits for its cron job. */
  sendNotices(): Promise<void>;
  stop(): Promise<void>;
}

function mailEnvironment(sink: SmtpSink): Record<string, string> {
  return {
    SMTP_HOST: sink.host,
    SMTP_PORT: String(sink.port),
    MAIL_FROM_ADDRESS: 'router@example.test',
    MAIL_FROM_NAME: 'CloudFreedom Österreich',
    PORTAL_URL,
    CHAT_URL,
    TRUSTED_PROXY_HEADER: 'X-Forwarded-For',
    TRUSTED_PROXY_ADDRESSES: '127.0.0.1',
  };
}

const anyAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

export async function setMailStage(env: Record<string, string> = {}): Promise<MailStage> {
  const sink = await startSmtpSink();
  const stage = await setStage({ ...mailEnvironment(sink), ...env });
  return {
    ...stage,
    sink,
    guest: (address = anyAddress()) => {
      const client = stage.client();
      client.beforeSend = (url, options) => {
        options.headers = { ...options.headers, 'X-Forwarded-For': address };
        return { url, options };
      };
      return client;
    },
    sendNotices: () => stage.superuser.send('/api/crons/sign_in_notices', { method: 'POST' }),
    stop: async () => {
      await stage.server.stop();
      await sink.stop();
    },
  };
}

/** The token of the link in a mail. */
export function tokenOf({ link }: ReceivedMail): string {
  return new URL(link).searchParams.get('token') ?? '';
}
