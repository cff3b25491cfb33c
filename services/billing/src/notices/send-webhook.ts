/** One signed POST. Redirects are not followed, answers not read. */
import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { resolveTarget } from './webhook-target.ts';

const TIMEOUT_MS = 10_000;

function signatureOf(secret: string, unixSeconds: number, body: string): string {
  const hex = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${hex}`;
}

/** @throws Error when it did not arrive, or anything but 2xx came back */
export async function sendWebhook(
  webhook: { url: string; secret: string; body: string },
  privateHosts: string[],
): Promise<void> {
  const { url, address, family } = await resolveTarget(webhook.url, privateHosts);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(webhook.body),
        'user-agent': 'CloudFreedom-Webhook/1',
        'x-cloudfreedom-signature': signatureOf(webhook.secret, Math.floor(Date.now() / 1000), webhook.body),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    request.end(webhook.body);
  });
  if (status === undefined || status < 200 || status > 299) throw new Error(`the webhook answered ${status}`);
}
