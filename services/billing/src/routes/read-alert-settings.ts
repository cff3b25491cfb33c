import { alertSettings, recordId } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { readAlertSettings } from '../alerts/alert-settings.ts';
import { adminErrors, byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function readAlertSettingsRoute(app: App, { pool, callers, internalSecret }: Services): void {
  const schema = {
    summary: 'At which parts of a budget people are told, and the webhook with its secret',
    security: byAdmin,
    params: z.object({ tenantId: recordId }),
    response: { 200: alertSettings, ...adminErrors },
  };
  app.get('/v1/tenants/:tenantId/alert-settings', { schema }, async (request) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    return readAlertSettings(pool, internalSecret, caller, request.params.tenantId);
  });
}
