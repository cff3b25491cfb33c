import { alertSettings, alertSettingsChange, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { changeAlertSettings } from '../alerts/alert-settings.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function changeAlertSettingsRoute(app: App, { pool, callers, internalSecret }: Services): void {
  const schema = {
    summary: 'Set the thresholds and the webhook of a tenant',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    body: alertSettingsChange,
    response: { 200: alertSettings, ...adminErrors },
  };
  app.put('/v1/tenants/:tenantId/alert-settings', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    const of = { caller, tenantId: request.params.tenantId };
    return changeAlertSettings(pool, internalSecret, of, request.body);
  });
}
