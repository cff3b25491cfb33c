import { type ApiKeyCreateResponse, apiKeyCreateResponse, recordId } from '@cloudfreedom/contracts';
import { ApiFailure, UnreachableFailure, useApp, useFormat } from '@cloudfreedom/ui';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { NEWEST_FIRST, type PageAddress, readNewestFirst } from '../records/newest-first.ts';
import { changedFields, saveRecord } from '../records/save-record.ts';
import { type ApiKey, apiKey, type KeyState } from './api-key.ts';
import { keyValues } from './key-values.ts';

const PAGE_SIZE = 25;
const COUNT_STALE_MS = 60_000;
const SECRET_BYTES = 24;
const WITH_OWNER_AND_MODELS = { expand: 'user,models' };
type PocketBase = ReturnType<typeof useApp>['session']['pocketbase'];
const keysKey = (tenantId: string) => ['api keys', tenantId];
const accountsKey = (tenantId: string) => ['service accounts', tenantId];

/** What narrows the list of keys down; empty: nothing. */
export interface KeyFilter {
  /** A part of the key's name, of its first letters or of its owner's name. */
  search: string;
  state: KeyState | '';
}

const OF_STATE: Record<KeyState, string> = {
  active: 'revoked = false && (expires = "" || expires > @now)',
  expired: 'revoked = false && expires != "" && expires <= @now',
  revoked: 'revoked = true',
};

function filterOf(pocketbase: PocketBase, tenantId: string, { search, state }: KeyFilter): string {
  const wanted = [pocketbase.filter('tenant = {:tenantId}', { tenantId })];
  if (state !== '') wanted.push(`(${OF_STATE[state]})`);
  if (search !== '')
    wanted.push(pocketbase.filter('(name ~ {:search} || prefix ~ {:search} || user.name ~ {:search})', { search }));
  return wanted.join(' && ');
}

/** One page of a tenant's keys, newest first. */
export function useApiKeys(tenantId: string, filter: KeyFilter, at: PageAddress) {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: [...keysKey(tenantId), filter, at],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const wanted = {
        conditions: [filterOf(pocketbase, tenantId, filter)],
        pageRows: PAGE_SIZE,
        ...WITH_OWNER_AND_MODELS,
      };
      const { records, ...page } = await readNewestFirst(pocketbase, 'api_keys', wanted, at);
      return { keys: z.array(apiKey).parse(records), ...page };
    },
  });
}

/** How many are found: asked for by itself, because counting very many takes longer than showing some of them. */
export function useKeyCount(tenantId: string, filter: KeyFilter) {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: [...keysKey(tenantId), 'count', filter],
    queryFn: async () => {
      const wanted = filterOf(pocketbase, tenantId, filter);
      const { totalItems } = await pocketbase.collection('api_keys').getList(1, 1, { filter: wanted, fields: 'id' });
      return { total: totalItems, pages: Math.max(1, Math.ceil(totalItems / PAGE_SIZE)) };
    },
    staleTime: COUNT_STALE_MS,
  });
}

/** One key, wherever it stands in the list. @param keyId null: none is asked for */
export function useApiKey(tenantId: string, keyId: string | null) {
  const { session } = useApp();
  return useQuery({
    queryKey: [...keysKey(tenantId), 'one', keyId],
    enabled: keyId !== null,
    queryFn: async () =>
      apiKey.parse(await session.pocketbase.collection('api_keys').getOne(keyId ?? '', WITH_OWNER_AND_MODELS)),
  });
}

const KEYS_OF_ONE = 100;

/** Keys of one person or service account, newest first. */
export function useKeysOf(tenantId: string, ownerId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: [...keysKey(tenantId), ownerId],
    queryFn: async () => {
      const filter = pocketbase.filter('tenant = {:tenantId} && user = {:ownerId}', { tenantId, ownerId });
      const list = await pocketbase
        .collection('api_keys')
        .getList(1, KEYS_OF_ONE, { filter, sort: NEWEST_FIRST, skipTotal: true, ...WITH_OWNER_AND_MODELS });
      return z.array(apiKey).parse(list.items);
    },
  });
}

/** Service accounts of a tenant: what is no person, and has nothing but keys. */
export function useServiceAccounts(tenantId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: accountsKey(tenantId),
    queryFn: async () => {
      const records = await pocketbase.collection('users').getFullList({
        filter: pocketbase.filter('tenant = {:tenantId} && kind = "service_account"', { tenantId }),
        fields: 'id,name,status',
        sort: 'name,id',
      });
      const account = z.object({ id: recordId, name: z.string(), status: z.enum(['active', 'suspended']) });
      return z.array(account).parse(records);
    },
  });
}

export interface KeyWish {
  /** Absent: oneself. */
  userId?: string;
  name: string;
  expiresAt?: string;
  monthlyBudgetEur?: string;
  models: string[];
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  parallelRequests?: number;
}

/** Random letters: a service account has an address and a password like everybody, but nobody ever uses them. */
function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function useKeyChanges(tenantId: string) {
  const { session, config } = useApp();
  const { language } = useFormat();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: keysKey(tenantId) });
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
    save: useMutation({
      mutationFn: ({ opened, changes }: { opened: ApiKey; changes: Record<string, unknown> }) => {
        const isAsOpened = (record: unknown) =>
          changedFields(keyValues(opened), keyValues(apiKey.parse(record))).length === 0;
        return saveRecord(session.pocketbase, 'api_keys', {
          id: opened.id,
          isAsOpened,
          changes,
          ...WITH_OWNER_AND_MODELS,
        });
      },
      onSettled,
    }),
    revoke: useMutation({
      mutationFn: (keyId: string) => session.pocketbase.collection('api_keys').update(keyId, { revoked: true }),
      onSettled,
    }),
    createAccount: useMutation({
      mutationFn: async (of: { name: string; product: string; locale: string }) => {
        const password = randomHex();
        const record = await session.pocketbase.collection('users').create({
          ...of,
          tenant: tenantId,
          email: `account-${randomHex().slice(0, 16)}@accounts.invalid`,
          password,
          passwordConfirm: password,
          kind: 'service_account',
          role: 'member',
          status: 'active',
        });
        return { id: recordId.parse(record.id), name: of.name };
      },
      onSettled: () => queries.invalidateQueries({ queryKey: accountsKey(tenantId) }),
    }),
  };
}
