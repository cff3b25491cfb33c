import { loggedContent } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { type ContentParts, lookAtContent } from '../content-log/read-content.ts';
import { type KeyParts, requireAdmin } from '../provider-keys/key-set.ts';

export function addReadContent(app: App, parts: KeyParts, contents: ContentParts): void {
  app.get(
    '/v1/admin/contents/:reservationId',
    {
      schema: {
        summary: 'What somebody asked and was answered, where the tenant keeps it; each look is in the audit log',
        params: z.object({ reservationId: z.uuid() }),
        response: { 200: loggedContent },
      },
    },
    async (request, reply) => {
      const adminId = await requireAdmin(parts, request.headers.authorization);
      reply.header('cache-control', 'no-store');
      return lookAtContent(contents, { reservationId: request.params.reservationId.toLowerCase(), adminId });
    },
  );
}
