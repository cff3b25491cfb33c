import { ApiFailure, saveFile, UnreachableFailure, useApp } from '@cloudfreedom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { z } from 'zod';
import type { ManagedTenant } from '../tenant-values.ts';
import { MANAGED, tokensKey } from '../tenants.queries.ts';
import type { IssuedSecrets } from './bundle-wish.ts';

type Call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;

/** Identity knows the session itself, billing its access token. */
function useCoreCalls(): { billing: Call; identity: Call } {
  const { session, config } = useApp();
  return {
    billing: (method, path, body) =>
      session.services.json(z.unknown(), `${config.billingUrl}${path}`, { method, body }),
    identity: async (method, path, body) => {
      const headers: Record<string, string> = { authorization: `Bearer ${session.pocketbase.authStore.token}` };
      if (body !== undefined) headers['content-type'] = 'application/json';
      const sent = body === undefined ? null : JSON.stringify(body);
      const response = await fetch(`${config.identityUrl}${path}`, { method, headers, body: sent }).catch(
        (cause: unknown) => {
          throw new UnreachableFailure(config.identityUrl, { cause });
        },
      );
      const answer: unknown = await response.json().catch(() => null);
      if (!response.ok) throw new ApiFailure(response.status, answer);
      return answer;
    },
  };
}

/** Its hosts into the record, its credentials from billing and identity, then the file. After a failure it goes on. */
export function useBundle(tenant: ManagedTenant) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const calls = useCoreCalls();
  const issued = useRef<IssuedSecrets>({ variables: {}, serviceTokenId: null });
  const { id, slug, name, type } = tenant;
  const core = {
    pocketbase: config.pocketbaseUrl,
    identity: config.identityUrl,
    billing: config.billingUrl,
    portal: window.location.origin,
    imprint: config.imprintUrl,
    privacy: config.privacyUrl,
  };
  return useMutation({
    mutationFn: async ({ domain, hosts, webui }: { domain: string; hosts: string[]; webui: boolean }) => {
      const missing = hosts.filter((host) => !tenant.domains.includes(host));
      if (missing.length > 0)
        await session.pocketbase.collection('tenants').update(id, { domains: [...tenant.domains, ...missing] });
      const { makeBundle } = await import('./make-bundle.ts');
      const bundle = await makeBundle({ tenant: { id, slug, name, type, domain }, webui, core }, calls, issued.current);
      saveFile(`${slug}.tar.gz`, bundle, 'application/gzip');
      issued.current = { variables: {}, serviceTokenId: null };
    },
    onSettled: () =>
      Promise.all(
        [MANAGED, ['tenants'], ['tenant'], tokensKey(id)].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
