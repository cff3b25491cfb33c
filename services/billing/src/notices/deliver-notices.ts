/** Mails and webhooks on their way. At least once; what fails is tried again, later each time, for a day. */
import type { Logger, Pool } from '@cloudfreedom/service-kit';
import { webhookSecretOf } from '../alerts/alert-settings.ts';
import { readSettings } from '../alerts/alerts.store.ts';
import type { PocketBaseAccess } from '../directory/reconcile.ts';
import { repeat } from '../repeat.ts';
import { claimNotices, type Notice, postponeNotice, removeNotice } from './notices.store.ts';
import { sendWebhook } from './send-webhook.ts';

const AT_ONCE = 20;
const CLAIM_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const TIMEOUT_MS = 15_000;
const FIRST_WAIT_MS = 2_000;
const WAIT_MAX_MS = 3_600_000;
const GIVEN_UP_AFTER_MS = 24 * 3_600_000;

export interface NoticeOptions {
  pool: Pool;
  pocketbase: PocketBaseAccess;
  /** Hosts that webhooks may reach though they are private. */
  privateHosts: string[];
  logger: Logger;
}

/** Twice as long each time, up to an hour. */
export function waitAfter(attempts: number): number {
  return Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1));
}

async function sendMail({ url, internalSecret }: PocketBaseAccess, content: unknown): Promise<void> {
  const response = await fetch(new URL('/api/internal/mails', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${internalSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify(content),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`PocketBase answered ${response.status} to a mail`);
}

async function send(options: NoticeOptions, notice: Notice): Promise<void> {
  if (notice.kind === 'mail') return sendMail(options.pocketbase, notice.content);
  const { pool, pocketbase, privateHosts } = options;
  const settings = await readSettings(pool, notice.tenantId);
  // Taken away meanwhile: nobody is left to tell.
  if (!settings?.webhookUrl) return;
  const { event: type, data } = notice.content;
  const body = JSON.stringify({ id: notice.id, type, at: notice.queuedAt.toISOString(), data });
  const secret = webhookSecretOf(pocketbase.internalSecret, notice.tenantId, settings.secretVersion);
  await sendWebhook({ url: settings.webhookUrl, secret, body }, privateHosts);
}

async function deliver(options: NoticeOptions, notice: Notice): Promise<void> {
  const { pool, logger } = options;
  try {
    await send(options, notice);
    await removeNotice(pool, notice);
  } catch (error) {
    const { id, kind, tenantId, attempts } = notice;
    const about = {
      noticeId: id,
      kind,
      tenantId,
      attempts,
      reason: error instanceof Error ? error.message : 'unknown',
    };
    if (Date.now() - notice.queuedAt.getTime() > GIVEN_UP_AFTER_MS) {
      logger.error(about, 'a notice could not be delivered for a day and is given up');
      await removeNotice(pool, notice);
      return;
    }
    logger.warn(about, 'a notice was not delivered and will be tried again');
    await postponeNotice(pool, notice, waitAfter(attempts));
  }
}

/** @returns a stop */
export function keepDelivering(options: NoticeOptions): () => Promise<void> {
  const round = async () => {
    const notices = await claimNotices(options.pool, AT_ONCE, CLAIM_MS);
    await Promise.all(notices.map((notice) => deliver(options, notice)));
  };
  return repeat('notices', round, LOOK_EVERY_MS, options.logger);
}
