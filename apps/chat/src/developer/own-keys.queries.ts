import { type ApiKeyCreateResponse, apiKeyCreateResponse } from '@cloudfreedom/contracts';
import { ApiFailure, UnreachableFailure, useApp, useFormat, usePerson } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { ownKey } from './own-key.ts';

const KEY = ['own keys'];
const SHOWN_MAX = 200;

/** One's own keys, newest first. */
export function useOwnKeys() {
  const { session } = useApp();
  const { pocketbase } = session;
  const { id } = usePerson();
  return useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const list = await pocketbase.collection('api_keys').getList(1, SHOWN_MAX, {
        filter: pocketbase.filter('user = {:id}', { id }),
        sort: '-created,id',
        expand: 'models',
      });
      return z.array(ownKey).parse(list.items);
    },
  });
}

export interface KeyWish {
  name: string;
  expiresAt?: string;
  monthlyBudgetEur?: string;
  models: string[];
}

export function useOwnKeyChanges() {
  const { session, config } = useApp();
  const { language } = useFormat();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: KEY });
  return {
    /** Identity makes the key; it is the only service beside PocketBase that sees the session. */
    create: useMutation({
      mutationFn: async (wish: KeyWish): Promise<ApiKeyCreateResponse> => {
        const response = await fetch(`${config.identityUrl}/v1/api-keys`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${session.pocketbase.authStore.token}`,
            'content-type': 'application/json',
            'accept-language': language,
          },
          body: JSON.stringify(wish),
        }).catch((cause: unknown) => {
          throw new UnreachableFailure(config.identityUrl, { cause });
        });
        if (!response.ok) throw new ApiFailure(response.status, await response.json().catch(() => null));
        return apiKeyCreateResponse.parse(await response.json());
      },
      onSettled,
    }),
    revoke: useMutation({
      mutationFn: (keyId: string) => session.pocketbase.collection('api_keys').update(keyId, { revoked: true }),
      onSettled,
    }),
  };
}
