/** Answers the seven routes that identity uses, as PocketBase's hooks do; the real one is tried end to end elsewhere. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { erasureList, moneyAuditBatch } from '@cloudfreedom/contracts';

export const INTERNAL_SECRET = 'internal-secret-of-the-tests';
export const TENANT = 'tenantaaaaaaaaa';
export const OTHER_TENANT = 'tenantbbbbbbbbb';
export const PERSON = { id: 'personaaaaaaaaa', tenantId: TENANT, role: 'member', locale: 'de' };
export const SESSION = 'session-of-a-person';
export const SUPERUSER_SESSION = 'session-of-a-superuser';
export const EXPIRED_SESSION = 'session-of-a-person-of-an-ended-demo';
export const SUSPENDED_SESSION = 'session-of-a-suspended-person';

/** Somebody of the other tenant. */
export const OTHER_PERSON = { id: 'personbbbbbbbbb', tenantId: OTHER_TENANT, role: 'tenant_admin', locale: 'en' };
export const OTHER_SESSION = 'session-of-somebody-elsewhere';
export const ADMIN_SESSION = 'session-of-a-platform-admin';
const ADMIN = { id: 'adminaaaaaaaaaa', tenantId: TENANT, role: 'platform_admin', locale: 'de' };
const PEOPLE = [PERSON, OTHER_PERSON, ADMIN];
const SESSIONS: Record<string, object> = { [SESSION]: PERSON, [OTHER_SESSION]: OTHER_PERSON, [ADMIN_SESSION]: ADMIN };

export interface StubPocketBase {
  url: string;
  /** Bodies of `POST /api/internal/api-keys`. */
  storedKeys: Record<string, unknown>[];
  /** Entries of `POST /api/internal/audit-logs`, which it refuses while `closed`. */
  audit: { closed: boolean; entries: Record<string, unknown>[] };
  /** Whom it refuses from now on. */
  suspended: Set<string>;
  /** Known for everybody; changed: all sessions were ended. */
  sessionMark: string;
  /** Rows of `POST /api/internal/erasures`. */
  erasures: unknown[];
  /** Set to answer every request with this status and an empty object. */
  broken: number | null;
  close(): Promise<void>;
}

export async function startStubPocketBase(): Promise<StubPocketBase> {
  const stub: StubPocketBase = {
    url: '',
    storedKeys: [],
    audit: { closed: false, entries: [] },
    suspended: new Set(),
    sessionMark: 'first',
    erasures: [],
    broken: null,
    close: async () => {},
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const { authorization } = request.headers;
    if (stub.broken !== null) return send(stub.broken, {});
    if (request.url === '/api/health') return send(200, { code: 200 });
    if (request.url === '/api/internal/principal') {
      const person = SESSIONS[authorization ?? ''];
      if (person) return send(200, person);
      if (authorization === SUPERUSER_SESSION)
        return send(403, { data: { auth: { code: 'superuser', message: 'x' } } });
      if (authorization === EXPIRED_SESSION)
        return send(403, { data: { tenant: { code: 'tenant_expired', message: 'x' } } });
      return authorization === SUSPENDED_SESSION ? send(403, { message: 'Suspended.' }) : send(401, {});
    }
    const personId = /^\/api\/internal\/people\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (personId !== undefined && authorization === `Bearer ${INTERNAL_SECRET}`) {
      const person = PEOPLE.find(({ id }) => id === personId);
      if (!person) return send(404, {});
      if (stub.suspended.has(personId)) return send(403, { message: 'Suspended.' });
      const { sessionMark } = stub;
      return send(200, { ...person, email: `${personId}@acme.example`, emailVerified: true, name: 'Ada', sessionMark });
    }
    if (request.url === '/api/internal/audit-logs' && authorization === `Bearer ${INTERNAL_SECRET}`) {
      if (stub.audit.closed) return send(500, {});
      const { entries } = moneyAuditBatch.parse(JSON.parse(Buffer.concat(chunks).toString()));
      stub.audit.entries.push(...entries);
      return send(200, { written: entries.length });
    }
    if (request.url === '/api/internal/erasures' && authorization === `Bearer ${INTERNAL_SECRET}`) {
      const known = erasureList.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
      return known.success ? send(200, { erasures: stub.erasures }) : send(400, {});
    }
    if (request.url !== '/api/internal/api-keys') return send(404, {});
    if (authorization !== `Bearer ${INTERNAL_SECRET}`) return send(401, {});
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { models: string[] };
    if (body.models.includes('unknown'))
      return send(400, { message: 'The field models names "unknown", which is no model here.' });
    stub.storedKeys.push(body);
    send(200, { id: 'keyaaaaaaaaaaaa' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stub.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return stub;
}
