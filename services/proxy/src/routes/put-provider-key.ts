import { providerKeyPath, providerKeyQuery, providerKeyView, providerKeyWrite } from '@cloudfreedom/contracts';
import { ApiError, type App } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import { type KeyParts, requireAdmin, testKey } from '../provider-keys/key-set.ts';

export function addPutProviderKey(app: App, parts: KeyParts): void {
  const admins = new WeakMap<object, string>();
  app.put(
    '/v1/admin/provider-keys/:keyName/:label',
    {
      schema: {
        summary: "Enter or exchange a provider's key; the provider is asked first whether it takes it",
        params: providerKeyPath,
        querystring: providerKeyQuery,
        body: providerKeyWrite,
        response: { 200: providerKeyView },
      },
      onRequest: async (request) => {
        admins.set(request, await requireAdmin(parts, request.headers.authorization));
      },
    },
    async (request) => {
      const { keyName, label } = request.params;
      const { key, weight } = request.body;
      if (!parts.providerKeys.canStore) throw proxyError('provider_keys_not_configured');
      const tested = request.query.test === 'true';
      const enteredBy = admins.get(request) ?? '';
      if (tested)
        await testKey(parts, keyName, key).catch(async (error: unknown) => {
          const refused = error instanceof ApiError && error.code === 'provider_key_rejected';
          await parts.providerKeys.noteFailedTest({ keyName, label, enteredBy, refused });
          throw error;
        });
      const testedAt = tested ? new Date() : null;
      await parts.providerKeys.enter({ keyName, label, secret: key, weight, enteredBy, testedAt });
      parts.logger.info({ keyName, label, enteredBy, tested }, 'a provider key was entered');
      const entered = parts.providerKeys.list().find((view) => view.keyName === keyName && view.label === label);
      if (!entered) throw new Error('a provider key that was just entered is not there');
      return entered;
    },
  );
}
