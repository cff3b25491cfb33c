import { providerKeyPath } from '@cloudfreedom/contracts';
import { type App, commonError } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { type KeyParts, requireAdmin } from '../provider-keys/key-set.ts';

export function addDeleteProviderKey(app: App, parts: KeyParts): void {
  app.delete(
    '/v1/admin/provider-keys/:keyName/:label',
    { schema: { summary: "Forget a provider's key", params: providerKeyPath, response: { 204: z.null() } } },
    async (request, reply) => {
      const removedBy = await requireAdmin(parts, request.headers.authorization);
      const { keyName, label } = request.params;
      if (!(await parts.providerKeys.remove(keyName, label)))
        throw commonError('not_found', { message: `There is no key ${keyName}/${label} in the database.` });
      parts.logger.info({ keyName, label, removedBy }, 'a provider key was removed');
      return reply.status(204).send(null);
    },
  );
}
