import { providerKeyList } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { type KeyParts, requireAdmin } from '../provider-keys/key-set.ts';

export function addListProviderKeys(app: App, parts: KeyParts): void {
  app.get(
    '/v1/admin/provider-keys',
    {
      schema: {
        summary: "The providers' keys: what is shown of them, and tests that failed",
        response: { 200: providerKeyList },
      },
    },
    async (request) => {
      await requireAdmin(parts, request.headers.authorization);
      return { items: parts.providerKeys.list(), failedTests: await parts.providerKeys.failedTests() };
    },
  );
}
