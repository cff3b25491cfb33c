/** A tenant's thresholds and webhook, as its admins set them. */
import { createHmac } from 'node:crypto';
import { ALERT_THRESHOLDS_PERCENT, type AlertSettings, type AlertSettingsChange } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { type Caller, requireTenantAdmin } from '../access/caller.ts';
import { readTenant } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
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

/** @throws ApiError forbidden, tenant_not_found, invalid_request for an address that can't be a webhook's */
export async function changeAlertSettings(
  pool: Pool,
  installationSecret: string,
  of: { caller: Caller; tenantId: string },
  change: AlertSettingsChange,
): Promise<AlertSettings> {
  const { caller, tenantId } = of;
  requireTenantAdmin(caller, tenantId);
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  const { thresholdsPercent, webhookUrl, rotateSecret = false } = change;
  const { username, password } = new URL(webhookUrl ?? 'https://none.example');
  if (username || password)
    throw billingError('invalid_request', { message: 'webhookUrl: without user and password.', param: 'webhookUrl' });
  const sorted = [...new Set(thresholdsPercent)].sort((a, b) => a - b);
  await writeSettings(pool, tenantId, { thresholdsPercent: sorted, webhookUrl }, rotateSecret);
  return shown(installationSecret, tenantId, await readSettings(pool, tenantId));
}
