/** What identity asks PocketBase: whose session this is, to keep the hash of a new API key, who was erased. */
import {
  erasureList,
  type ImportBatch,
  type ImportBatchAnswer,
  importBatchAnswer,
  type MoneyAuditEntry,
  personOfDirectory,
  principalOfSession,
  type RateLimits,
  recordId,
} from '@cloudfreedom/contracts';
import { type ApiError, commonError } from '@cloudfreedom/service-kit';
import { z } from 'zod';

type Person = z.infer<typeof principalOfSession>;

/** Suspended: the person, or the whole tenant. Expired: the tenant is a demo that has ended. */
export type NoAccess = 'suspended' | 'expired';

/** Whose session it is. */
type SessionAnswer =
  | { status: 'known'; person: Person }
  | { status: 'unknown' }
  | { status: NoAccess }
  | { status: 'superuser' };

type PersonAnswer =
  | { status: 'known'; person: z.infer<typeof personOfDirectory> }
  | { status: 'unknown' }
  | { status: NoAccess };

interface ApiKeyRow extends RateLimits {
  /** Who makes it; their right to make one for `userId` is checked by PocketBase. */
  callerId: string;
  userId: string;
  name: string;
  sha256: string;
  prefix: string;
  expiresAt: string;
  monthlyBudgetEur: string;
  models: string[];
}

/** `refused`: PocketBase's words about a field of the request. */
type StoreAnswer = { status: 'stored'; id: string } | { status: NoAccess } | { status: 'refused'; message: string };

/** Every method throws ApiError `unavailable` when PocketBase doesn't answer as agreed. */
export interface PocketBaseClient {
  personOf(session: string): Promise<SessionAnswer>;
  /** Whoever may sign in to their tenant's applications. */
  personById(id: string): Promise<PersonAnswer>;
  storeApiKey(row: ApiKeyRow): Promise<StoreAnswer>;
  /** Under the rights of `callerId`; either everything is written or nothing. */
  importBatch(batch: ImportBatch): Promise<ImportBatchAnswer>;
  /** In the audit log when it returns. */
  writeAudit(entry: MoneyAuditEntry): Promise<void>;
  /** Ids of everybody who was ever erased. */
  erasedSubjects(): Promise<string[]>;
  isReachable(): Promise<boolean>;
}

const TIMEOUT_MS = 3_000;
const IMPORT_TIMEOUT_MS = 120_000;
const ERASURES_TIMEOUT_MS = 30_000;
/** What can stand in a header; anything else was never a session. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;
const stored = z.object({ id: recordId });
const superuserRefusal = z.object({ data: z.object({ auth: z.object({ code: z.literal('superuser') }) }) });
const expiry = z.object({ data: z.object({ tenant: z.object({ code: z.literal('tenant_expired') }) }) });
const refusal = z.object({ message: z.string().max(500) });

const noAccess = (body: unknown): NoAccess => (expiry.safeParse(body).success ? 'expired' : 'suspended');

function unavailable(cause: unknown): ApiError {
  return commonError('unavailable', {
    message: 'PocketBase, which knows the people here, is not reachable. Try again in a moment.',
    german: 'PocketBase, das die Personen hier kennt, ist nicht erreichbar. Versuchen Sie es gleich noch einmal.',
    headers: { 'retry-after': '2' },
    cause,
  });
}

export function createPocketBaseClient(options: { url: string; internalSecret: string }): PocketBaseClient {
  const base = options.url.replace(/\/+$/, '');

  /** `cause` of a failure carries neither headers nor body: both hold secrets. */
  const ask = async (
    path: string,
    init: RequestInit,
    timeoutMs = TIMEOUT_MS,
  ): Promise<{ status: number; body: unknown }> => {
    try {
      const response = await fetch(base + path, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    } catch (error) {
      const code = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name;
      throw unavailable(new Error(`${init.method} ${path}: ${code}`));
    }
  };
  const unexpected = (path: string, status: number) => unavailable(new Error(`${path} answered ${status}`));

  return {
    personOf: async (session) => {
      if (!HEADER_SAFE.test(session)) return { status: 'unknown' };
      const path = '/api/internal/principal';
      const { status, body } = await ask(path, { method: 'GET', headers: { authorization: session } });
      if (status === 401) return { status: 'unknown' };
      if (status === 403) return { status: superuserRefusal.safeParse(body).success ? 'superuser' : noAccess(body) };
      const person = principalOfSession.safeParse(body);
      if (status !== 200 || !person.success) throw unexpected(path, status);
      return { status: 'known', person: person.data };
    },
    personById: async (id) => {
      if (!recordId.safeParse(id).success) return { status: 'unknown' };
      const path = `/api/internal/people/${id}`;
      const { status, body } = await ask(path, {
        method: 'GET',
        headers: { authorization: `Bearer ${options.internalSecret}` },
      });
      if (status === 404) return { status: 'unknown' };
      if (status === 403) return { status: noAccess(body) };
      const person = personOfDirectory.safeParse(body);
      if (status !== 200 || !person.success) throw unexpected('/api/internal/people', status);
      return { status: 'known', person: person.data };
    },
    storeApiKey: async (row) => {
      const path = '/api/internal/api-keys';
      const { status, body } = await ask(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.internalSecret}`, 'content-type': 'application/json' },
        body: JSON.stringify(row),
      });
      // 404: the person was deleted a moment ago.
      if (status === 403 || status === 404) return { status: noAccess(body) };
      const words = refusal.safeParse(body);
      if (status === 400 && words.success) return { status: 'refused', message: words.data.message };
      const created = stored.safeParse(body);
      if (status !== 200 || !created.success) throw unexpected(path, status);
      return { status: 'stored', id: created.data.id };
    },
    importBatch: async (batch) => {
      const path = '/api/internal/imports';
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${options.internalSecret}`, 'content-type': 'application/json' },
        body: JSON.stringify(batch),
      };
      const { status, body } = await ask(path, init, IMPORT_TIMEOUT_MS);
      const answer = importBatchAnswer.safeParse(body);
      if (status !== 200 || !answer.success) throw unexpected(path, status);
      return answer.data;
    },
    writeAudit: async (entry) => {
      const path = '/api/internal/audit-logs';
      const { status } = await ask(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.internalSecret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ entries: [entry] }),
      });
      if (status !== 200) throw unexpected(path, status);
    },
    erasedSubjects: async () => {
      const path = '/api/internal/erasures';
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${options.internalSecret}`, 'content-type': 'application/json' },
        // The two lists become one: identity has none, so it only learns.
        body: JSON.stringify({ erasures: [] }),
      };
      const { status, body } = await ask(path, init, ERASURES_TIMEOUT_MS);
      const list = erasureList.safeParse(body);
      if (status !== 200 || !list.success) throw unexpected(path, status);
      return list.data.erasures.map(({ subjectId }) => subjectId);
    },
    isReachable: () =>
      ask('/api/health', { method: 'GET' }).then(
        ({ status }) => status === 200,
        () => false,
      ),
  };
}
