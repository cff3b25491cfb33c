/** The proxy over real HTTP and a real Postgres, between a stub billing and a stub provider. */
import type { AddressInfo } from 'node:net';
import { createLogger, type Logger } from '@cloudfreedom/service-kit';
import { createTestIdentity, type Postgres, startPostgres, type TestIdentity } from '@cloudfreedom/testkit';
import pg from 'pg';
import { createProxy, type Proxy as ProxyUnderTest } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { adapters } from '../src/providers/registry.ts';
import { SERVICE_TOKEN, StubBilling, TENANT_ID } from './stub-billing.ts';
import { type StubUpstream, startUpstream } from './stub-upstream.ts';

export const UPSTREAM_KEY = 'sk-upstream-secret-4711';

export interface World {
  billing: StubBilling;
  upstream: StubUpstream;
  identity: TestIdentity;
  proxy: ProxyUnderTest;
  url: string;
  database: pg.Pool;
  chat(body: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export const ASK = { model: 'gpt-test', messages: [{ role: 'user', content: 'Hi there' }] };

let postgres: Promise<Postgres> | undefined;

/** One Postgres and one database per test file. */
export async function stopPostgres(): Promise<void> {
  const server = await postgres;
  if (!server) return;
  // A pool's `end` comes back while its connections are still closing; one cut by the server would be an error.
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  await until('no connection is open', async () => {
    const { rows } = await client.query(
      "SELECT count(*)::int AS open FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rows[0].open === 0;
  });
  await client.end();
  await server.stop();
}

export async function startWorld(environment: NodeJS.ProcessEnv = {}, logger?: Logger): Promise<World> {
  postgres ??= startPostgres();
  const databaseUrl = await (await postgres).createDatabase('proxy');
  const billing = new StubBilling();
  const billingUrl = await billing.start();
  const upstream = await startUpstream();
  const identity = await createTestIdentity();
  const config = loadConfig({
    PORT: '0',
    LOG_LEVEL: 'silent',
    CORS_ORIGINS: 'http://chat.test',
    IDENTITY_ISSUER: identity.issuer,
    IDENTITY_JWKS_URL: identity.jwksUrl,
    TENANT_ID,
    BILLING_URL: billingUrl,
    BILLING_SERVICE_TOKEN: SERVICE_TOKEN,
    DATABASE_URL: databaseUrl,
    OPENAI_API_KEY: UPSTREAM_KEY,
    OPENAI_BASE_URL: upstream.url,
    // One call of the provider for each request, whatever the one before came to; tests of attempts say otherwise.
    UPSTREAM_ATTEMPTS_MAX: '1',
    UPSTREAM_CIRCUIT_FAILURES: '10000',
    ...environment,
  });
  const proxy = await createProxy({ config, logger: logger ?? createLogger('proxy', config.logLevel), adapters });
  await proxy.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(proxy.app.server.address() as AddressInfo).port}`;
  const database = new pg.Pool({ connectionString: databaseUrl });
  await database.query('TRUNCATE proxy.outbox');
  return {
    billing,
    upstream,
    identity,
    proxy,
    url,
    database,
    chat: (body, init = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        ...init,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${billing.apiKey}`, ...init.headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: async () => {
      await upstream.close();
      await proxy.app.close();
      await proxy.release();
      await database.end();
      await billing.stop();
      await identity.close();
    },
  };
}

/** The `data:` lines of a stream of server-sent events. */
export function events(text: string): string[] {
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''));
}

/** Wait until it is true, however busy the machine is. @throws after twenty seconds, or the time given */
export async function until(what: string, check: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function errorOf(response: Response): Promise<Record<string, unknown>> {
  return ((await response.json()) as { error: Record<string, unknown> }).error;
}
