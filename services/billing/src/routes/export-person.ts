import { billingExport, recordId } from '@cloudfreedom/contracts';
import { type App, streamJson } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { authenticateCaller } from '../access/caller.ts';
import { exportPerson, findExported } from '../exports/person-export.ts';
import { byAdmin } from './security.ts';
import type { Services } from './services.ts';

export function exportPersonRoute(app: App, { pool, callers }: Services): void {
  const schema = {
    summary: "What billing keeps of a person: for themself, their tenant's admin (members) and the platform's",
    description: `A JSON object, streamed: ${Object.keys(billingExport.shape).join(', ')}.`,
    security: byAdmin,
    params: z.object({ id: recordId }),
  };
  app.get('/v1/people/:id/export', { schema }, async (request, reply) => {
    const caller = await authenticateCaller(callers, request.headers.authorization);
    const whose = await findExported(pool, caller, request.params.id);
    reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-store');
    return reply.send(streamJson(await exportPerson(pool, whose)));
  });
}
