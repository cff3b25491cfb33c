/** A tenant's thresholds and webhook, as its admins set them. */
import { createHmac } from 'node:crypto';
import {
  ALERT_THRESHOLDS_PERCENT,
  type AlertSettings,
  type AlertSettingsChange,
  NOT_KEPT,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Actor } from '../access/actor.ts';
import { type Caller, requireTenantAdmin } from '../access/caller.ts';
import { auditEntry, written } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { readTenant } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { faultOfTarget } from '../notices/webhook-target.ts';
import { readSettings, type StoredSettings, writeSettings } from './alerts.store.ts';

/** Made, not stored: nobody who reads the database can sign. */
export function webhookSecretOf(installationSecret: string, tenantId: string, version: number): string {
  const name = `alert webhook ${version} of ${tenantId}`;
  return `whsec_${createHmac('sha256', installationSecret).update(name).digest('hex')}`;
}

function shown(installationSecret: string, tenantId: string, settings: StoredSettings | undefined): AlertSettings {
  if (!settings) return { thresholdsPercent: ALERT_THRESHOLDS_PERCENT, webhookUrl: null, webhookSecret: null };
  const { thresholdsPercent, webhookUrl, secretVersion } = settings;
  const webhookSecret = webhookUrl === null ? null : webhookSecretOf(installationSecret, tenantId, secretVersion);
  return { thresholdsPercent, webhookUrl, webhookSecret };
}

/** @throws ApiError forbidden, tenant_not_found */
export async function readAlertSettings(
  pool: Pool,
  installationSecret: string,
  caller: Caller,
  tenantId: string,
): Promise<AlertSettings> {
  requireTenantAdmin(caller, tenantId);
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  return shown(installationSecret, tenantId, await readSettings(pool, tenantId));
}

type Set = Pick<StoredSettings, 'thresholdsPercent' | 'webhookUrl'>;

/** For the audit log. The webhook's address may hold a secret: only that it changed is told. */
function differenceOf(before: Set, after: Set, rotated: boolean) {
  const side = (settings: Set) => ({
    ...(before.thresholdsPercent.join() !== after.thresholdsPercent.join() && {
      thresholds_percent: settings.thresholdsPercent,
    }),
    ...(before.webhookUrl !== after.webhookUrl && { webhook_url: written(settings.webhookUrl) }),
    ...(rotated && { webhook_secret: NOT_KEPT }),
  });
  return { before: side(before), after: side(after) };
}

const WEBHOOK_FAULTS = {
  not_https: {
    message: 'webhookUrl: must begin with https://.',
    german: 'webhookUrl: muss mit https:// beginnen.',
  },
  not_public: {
    message: 'webhookUrl: must be an address on the public internet.',
    german: 'webhookUrl: muss eine Adresse im öffentlichen Internet sein.',
  },
  with_name: {
    message: 'webhookUrl: must not contain a user or a password.',
    german: 'webhookUrl: darf weder Benutzer noch Passwort enthalten.',
  },
};

/** @throws ApiError invalid_request: what would never be delivered is said while somebody looks */
function checkWebhookUrl(text: string, privateHosts: string[]): void {
  const url = new URL(text);
  const fault = url.username || url.password ? 'with_name' : faultOfTarget(url, privateHosts);
  if (fault) throw billingError('invalid_request', { ...WEBHOOK_FAULTS[fault], param: 'webhookUrl' });
}

/** @throws ApiError forbidden, tenant_not_found, invalid_request for an address that can't be a webhook's */
export async function changeAlertSettings(
  pool: Pool,
  webhooks: { installationSecret: string; privateHosts: string[] },
  of: { actor: Actor; tenantId: string },
  change: AlertSettingsChange,
): Promise<AlertSettings> {
  const { actor, tenantId } = of;
  const { installationSecret, privateHosts } = webhooks;
  requireTenantAdmin(actor, tenantId);
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  const { thresholdsPercent, webhookUrl, rotateSecret = false } = change;
  if (webhookUrl !== null) checkWebhookUrl(webhookUrl, privateHosts);
  const sorted = [...new Set(thresholdsPercent)].sort((a, b) => a - b);
  const wanted = { thresholdsPercent: sorted, webhookUrl };
  await writeSettings(pool, tenantId, wanted, rotateSecret, async (client, earlier) => {
    const before = earlier ?? { thresholdsPercent: ALERT_THRESHOLDS_PERCENT, webhookUrl: null };
    const changes = differenceOf(before, wanted, rotateSecret);
    if (Object.keys(changes.after).length === 0) return;
    const entry = { action: 'update', collection: 'alert_settings', targetId: tenantId, ...changes } as const;
    await queueAudit(client, [auditEntry(actor, tenantId, entry)]);
  });
  return shown(installationSecret, tenantId, await readSettings(pool, tenantId));
}
