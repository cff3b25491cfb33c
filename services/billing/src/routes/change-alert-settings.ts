import { alertSettings, alertSettingsChange, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateActor } from '../access/actor.ts';
import { changeAlertSettings } from '../alerts/alert-settings.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function changeAlertSettingsRoute(app: App, services: Services): void {
  const schema = {
    summary: 'Set the thresholds and the webhook of a tenant',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    body: alertSettingsChange,
    response: { 200: alertSettings, ...adminErrors },
  };
  app.put('/v1/tenants/:tenantId/alert-settings', { schema }, async (request) => {
    const of = { actor: await authenticateActor(services, request), tenantId: request.params.tenantId };
    const webhooks = { installationSecret: services.internalSecret, privateHosts: services.webhookPrivateHosts };
    return changeAlertSettings(services.pool, webhooks, of, request.body);
  });
}
