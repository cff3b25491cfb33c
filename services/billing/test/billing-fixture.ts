/** Billing as its process starts it, on a real Postgres, beside a small server that stands for PocketBase. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import {
  type ApiKeyRecord,
  DIRECTORY_COLLECTIONS,
  type DirectoryCollection,
  type DirectoryPage,
  type DirectorySnapshot,
  type Erasure,
  erasureList,
  type LedgerOperation,
  type LedgerResult,
  type MailRequest,
  type MoneyAuditEntry,
  mailRequest,
  moneyAuditBatch,
  type ProductRecord,
  revisionsText,
  type TenantRecord,
  type UsageRow,
  type UserRecord,
  usageLogBatch,
} from '@cloudfreedom/contracts';
import { createLogger, createPool, type Pool, sha256Hex } from '@cloudfreedom/service-kit';
import { createTestIdentity, startPostgres, type TestIdentity } from '@cloudfreedom/testkit';
import { expect } from 'vitest';
import { type Billing, startBilling } from '../src/billing.ts';
import type { Config } from '../src/config.ts';
import { apiKey, changesOf, newId, product, type Records, tenant, user } from './records.ts';

export const SECRET = 'a-secret-that-only-tests-know';
/** Stands for PocketBase's two internal routes; `down` makes it answer 503. */
interface FakePocketBase {
  url: string;
  snapshot: DirectorySnapshot;
  /** On pages of the directory. */
  recordsSent: number;
  /** Its list of erasures, and how often it was united with billing's. */
  erasures: Erasure[];
  exchanges: number;
  received: UsageRow[];
  mails: MailRequest[];
  /** By their ids, as PocketBase keeps them: once each. */
  audited: Map<string, MoneyAuditEntry>;
  auditCalls: number;
  batchSizes: number[];
  down: boolean;
  /** It does what it is asked, and the answer is lost. */
  losesAnswers: boolean;
  /** Rows (and targets of audit entries) that it answers 400 to, alone or in a batch. */
  refused: Set<string>;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function startFakePocketBase(): Promise<FakePocketBase> {
  const fake: FakePocketBase = {
    url: '',
    snapshot: { rev: 0, tenants: [], products: [], users: [], api_keys: [], models: [] },
    recordsSent: 0,
    erasures: [],
    exchanges: 0,
    received: [],
    mails: [],
    audited: new Map(),
    auditCalls: 0,
    batchSizes: [],
    down: false,
    losesAnswers: false,
    refused: new Set(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    const text = await readBody(request);
    if (fake.down) return answer(503, {});
    if (request.headers.authorization !== `Bearer ${SECRET}`) return answer(401, {});
    if (request.url?.startsWith('/api/internal/directory-pages?')) {
      const page = pageOf(fake.snapshot, new URL(request.url, fake.url).searchParams);
      fake.recordsSent += DIRECTORY_COLLECTIONS.reduce((sum, collection) => sum + page[collection].length, 0);
      return answer(200, page);
    }
    if (request.url === '/api/internal/erasures') {
      const told = erasureList.parse(JSON.parse(text)).erasures;
      const known = new Set(fake.erasures.map(({ subjectId }) => subjectId));
      fake.erasures.push(...told.filter(({ subjectId }) => !known.has(subjectId)));
      fake.exchanges += 1;
      return answer(200, { erasures: fake.erasures });
    }
    if (request.url === '/api/internal/mails') {
      fake.mails.push(mailRequest.parse(JSON.parse(text)));
      return answer(200, { sent: true });
    }
    if (request.url === '/api/internal/audit-logs') {
      fake.auditCalls += 1;
      const { entries } = moneyAuditBatch.parse(JSON.parse(text));
      if (entries.some(({ targetId }) => fake.refused.has(targetId))) return answer(400, {});
      for (const entry of entries) fake.audited.set(entry.id, fake.audited.get(entry.id) ?? entry);
      if (fake.losesAnswers) return response.destroy();
      return answer(200, { written: entries.length });
    }
    const { rows } = usageLogBatch.parse(JSON.parse(text));
    if (rows.some(({ reservationId }) => fake.refused.has(reservationId))) return answer(400, {});
    const identityOf = ({ reservationId, at }: UsageRow) => `${reservationId} ${at}`;
    const known = new Set(fake.received.map(identityOf));
    fake.batchSizes.push(rows.length);
    fake.received.push(...rows.filter((row) => !known.has(identityOf(row))));
    return answer(200, { written: rows.length });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

export interface Fixture {
  billing: Billing;
  config: Config;
  identity: TestIdentity;
  pocketbase: FakePocketBase;
  /** Connected as the owner of the tables: sees all, may do all. */
  owner: Pool;
  /** Connected as the service's own role. */
  service: Pool;
  /** Tell billing of changes as PocketBase does. */
  announce(records: Records): Promise<void>;
  /** A service token of a tenant, made by a platform admin. */
  serviceToken(tenantId: string): Promise<string>;
  /** A batch over HTTP. */
  batch(token: string, operations: LedgerOperation[]): Promise<LedgerResult[]>;
  stop(): Promise<void>;
}

export const RECORDS_ON_A_PAGE = 3;

/** A page as PocketBase gives them, but much smaller. */
function pageOf(snapshot: DirectorySnapshot, query: URLSearchParams): DirectoryPage {
  const [begun, id] = (query.get('after') ?? '').split(':');
  const after = `${DIRECTORY_COLLECTIONS.indexOf(begun as DirectoryCollection)}:${id}`;
  const places = DIRECTORY_COLLECTIONS.flatMap((collection, index) =>
    snapshot[collection].map((record) => ({ place: `${index}:${record.id}`, collection, record })),
  ).sort((a, b) => (a.place < b.place ? -1 : 1));
  const found = places.filter(({ place }) => begun === '' || place > after);
  const shown = found.slice(0, RECORDS_ON_A_PAGE);
  const listOf = (records: typeof shown) =>
    Object.fromEntries(
      DIRECTORY_COLLECTIONS.map((name) => [
        name,
        records.flatMap(({ collection, record }) => (collection === name ? [record] : [])),
      ]),
    ) as unknown as Omit<DirectorySnapshot, 'rev'>;
  const last = shown.at(-1);
  const page = {
    rev: snapshot.rev,
    next: last && found.length > shown.length ? `${last.collection}:${last.record.id}` : '',
  };
  if (sha256Hex(revisionsText(listOf(shown))) === query.get('known'))
    return { ...page, ...listOf([]), unchanged: true };
  return { ...page, ...listOf(shown) };
}

/** As PocketBase has them, who is asked for everything now and then. */
function keep(snapshot: DirectorySnapshot, records: Records): void {
  for (const [collection, list] of Object.entries(records) as [keyof Records, { id: string; rev: number }[]][]) {
    for (const record of list) {
      const others = snapshot[collection].filter(({ id, rev }) => id !== record.id || rev > record.rev);
      const known = others.some(({ id }) => id === record.id);
      Object.assign(snapshot, { [collection]: known ? others : [...others, record] });
      snapshot.rev = Math.max(snapshot.rev, record.rev);
    }
  }
}

export function signed(body: string): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

/** @param before what PocketBase has when billing starts */
export async function startFixture(before: Partial<DirectorySnapshot> = {}): Promise<Fixture> {
  const [postgres, identity, pocketbase] = await Promise.all([
    startPostgres(),
    createTestIdentity(),
    startFakePocketBase(),
  ]);
  Object.assign(pocketbase.snapshot, before);
  const ownerUrl = await postgres.createDatabase('billing');
  const serviceUrl = new URL(ownerUrl);
  serviceUrl.username = 'billing_service';
  serviceUrl.password = 'its-own-p%40ss';
  const config: Config = {
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'silent',
    STOP_DRAIN_MS: 0,
    STOP_GRACE_MS: 25_000,
    CORS_ORIGINS: ['http://portal.test'],
    OTEL_EXPORTER_OTLP_HEADERS: {},
    OTEL_RESOURCE_ATTRIBUTES: {},
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    OTEL_TRACES_SAMPLER_ARG: 1,
    OTEL_BSP_SCHEDULE_DELAY: 5_000,
    IDENTITY_ISSUER: identity.issuer,
    IDENTITY_JWKS_URL: identity.jwksUrl,
    DATABASE_URL: serviceUrl.href,
    MIGRATION_DATABASE_URL: ownerUrl,
    POCKETBASE_URL: pocketbase.url,
    INTERNAL_SECRET: SECRET,
    BILLING_WEBHOOK_SECRET: SECRET,
    WEBHOOK_PRIVATE_HOSTS: ['127.0.0.1'],
    USD_EUR_RATE: '0.86',
    EXCHANGE_RATE_SOURCE: 'environment',
    TRUSTED_PROXY_HEADER: '',
    TRUSTED_PROXY_ADDRESSES: [],
    ECB_RATES_URL: 'http://127.0.0.1:9/',
  };
  const billing = await startBilling(config, createLogger('billing', process.env.TEST_LOG_LEVEL ?? 'silent'));
  while ((await billing.app.inject({ url: '/ready' })).statusCode !== 200) await setTimeout(20);
  const owner = createPool(ownerUrl, { max: 8, applicationName: 'test-owner' });
  const service = createPool(serviceUrl.href, { max: 2, applicationName: 'test-service' });
  return {
    billing,
    config,
    identity,
    pocketbase,
    owner,
    service,
    announce: async (records) => {
      keep(pocketbase.snapshot, records);
      const body = JSON.stringify({ changes: changesOf(records) });
      const response = await billing.app.inject({
        method: 'POST',
        url: '/internal/directory',
        headers: { 'content-type': 'application/json', 'x-signature': signed(body) },
        body,
      });
      expect(response.json(), 'directory change').toEqual({ applied: expect.any(Number) });
    },
    serviceToken: async (tenantId) => {
      const admin = { sub: newId(), tenant: newId(), role: 'platform_admin', locale: 'en' } as const;
      const response = await billing.app.inject({
        method: 'POST',
        url: `/v1/tenants/${tenantId}/service-tokens`,
        headers: { authorization: `Bearer ${await identity.sign(admin, 'billing')}` },
        body: { name: 'test' },
      });
      expect(response.statusCode, response.body).toBe(200);
      return response.json().token;
    },
    batch: async (token, operations) => {
      const response = await billing.app.inject({
        method: 'POST',
        url: '/v1/ledger/batch',
        headers: { authorization: `Bearer ${token}` },
        body: { operations },
      });
      expect(response.statusCode, response.body).toBe(200);
      return response.json().results;
    },
    stop: async () => {
      await billing.app.close();
      await billing.release();
      await Promise.all([owner.end(), service.end(), identity.close(), pocketbase.close()]);
      await postgres.stop();
    },
  };
}

/** Somebody with a product in a tenant of his own, with a key and the tenant's service token. */
export async function newPerson(
  fixture: Fixture,
  fields: {
    tenant?: Partial<TenantRecord>;
    product?: Partial<ProductRecord>;
    user?: Partial<UserRecord>;
    key?: Partial<ApiKeyRecord>;
  } = {},
) {
  const theTenant = tenant(fields.tenant);
  const plan = product(fields.product);
  const person = user({ tenantId: theTenant.id, productId: plan.id, ...fields.user });
  const { key, ...keyRecord } = apiKey({ tenantId: theTenant.id, userId: person.id, ...fields.key });
  await fixture.announce({ tenants: [theTenant], products: [plan], users: [person], api_keys: [keyRecord] });
  return {
    tenant: theTenant,
    product: plan,
    user: person,
    key,
    keyRecord,
    token: await fixture.serviceToken(theTenant.id),
  };
}
