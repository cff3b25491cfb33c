/** The services as their images hold them: bundled, started outside the repository, with their secrets in files. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { audienceOf, conversationSummary, listedModels, tokenExchangeResponse } from '@cloudfreedom/contracts';
import { freePort, type PocketBaseServer, type Postgres, startPocketBase, startPostgres } from '@cloudfreedom/testkit';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleService } from '../src/images/bundle-service.ts';
import { defaultCacheDir, ensurePocketBase } from '../src/pocketbase-binary.ts';
import { createApiKey, createServiceToken, seedPeople } from '../src/stack/demo-data.ts';
import { loadSecrets, type Secrets } from '../src/stack/secrets.ts';
import { ROOT } from '../src/stack/settings.ts';
import { exchangeForm } from './access/stage.ts';

const SERVICES = ['simulator', 'identity', 'billing', 'proxy', 'conversations'] as const;
type Service = (typeof SERVICES)[number];

const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-bundles-'));
const children: ChildProcess[] = [];
const outputs = new Map<Service, string>();
let postgres: Postgres | undefined;
let pocketbase: PocketBaseServer | undefined;
let urls: Record<Service | 'pocketbase', string>;
let secrets: Secrets;
let tenantId: string;
let apiKey: string;
let binary: string;

/** A file for each value, and the variables that name them. */
function inFiles(name: string, values: Record<string, string>): Record<string, string> {
  const held = path.join(folder, `${name}-secrets`);
  mkdirSync(held, { mode: 0o700 });
  const named = Object.entries(values).map(([variable, value]) => {
    writeFileSync(path.join(held, variable), `${value}\n`, { mode: 0o400 });
    return [`${variable}_FILE`, path.join(held, variable)];
  });
  return Object.fromEntries(named);
}

/** Runs what is in the folder and nothing else: no variable of ours, no package of the repository. */
async function start(
  name: Service,
  variables: Record<string, string>,
  files: Record<string, string> = {},
): Promise<void> {
  const url = new URL(urls[name]);
  const child = spawn(process.execPath, ['server.js'], {
    cwd: path.join(folder, name),
    env: {
      HOST: url.hostname,
      PORT: url.port,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      ...variables,
      ...inFiles(name, files),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const take = (chunk: Buffer) => outputs.set(name, `${outputs.get(name) ?? ''}${chunk}`);
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const isUp = () =>
    fetch(`${url.origin}${name === 'simulator' ? '/health' : '/ready'}`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${outputs.get(name)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startCore(server: Postgres): Promise<void> {
  const identityCheck = { IDENTITY_ISSUER: urls.identity, IDENTITY_JWKS_URL: `${urls.identity}/.well-known/jwks.json` };
  const [identityUrl, ownerUrl] = [await server.createDatabase('identity'), await server.createDatabase('billing')];
  const serviceUrl = new URL(ownerUrl);
  serviceUrl.username = 'billing_service';
  serviceUrl.password = secrets.servicePassword;
  const pages = { pocketbaseUrl: urls.pocketbase, identityUrl: urls.identity, billingUrl: urls.billing };
  const nowhere = {
    proxyUrl: null,
    conversationsUrl: null,
    chatUrl: null,
    tenantId: null,
    imprintUrl: null,
    privacyUrl: null,
  };
  await start(
    'identity',
    {
      POCKETBASE_URL: urls.pocketbase,
      IDENTITY_ISSUER: urls.identity,
      SIGNING_KEYS_FILE: path.join(folder, 'keys.json'),
      SIGN_IN_PAGES_DIR: path.join(folder, 'identity/sign-in'),
      SIGN_IN_CONFIG: JSON.stringify({ ...pages, ...nowhere, simulatedProviders: [] }),
    },
    {
      INTERNAL_SECRET: secrets.internalSecret,
      DATABASE_URL: identityUrl,
      OIDC_COOKIE_SECRET: secrets.oidcCookieSecret,
    },
  );
  tenantId = await seedPeople(urls.pocketbase, secrets);
  await start(
    'billing',
    { ...identityCheck, POCKETBASE_URL: urls.pocketbase, USD_EUR_RATE: '0.86' },
    {
      DATABASE_URL: serviceUrl.href,
      MIGRATION_DATABASE_URL: ownerUrl,
      INTERNAL_SECRET: secrets.internalSecret,
      BILLING_WEBHOOK_SECRET: secrets.webhookSecret,
    },
  );
}

async function startTenant(server: Postgres): Promise<void> {
  const shared = {
    IDENTITY_ISSUER: urls.identity,
    IDENTITY_JWKS_URL: `${urls.identity}/.well-known/jwks.json`,
    TENANT_ID: tenantId,
    BILLING_URL: urls.billing,
  };
  const held = {
    BILLING_SERVICE_TOKEN: await createServiceToken(urls, secrets, tenantId),
    DATABASE_URL: await server.createDatabase('tenant'),
  };
  await Promise.all([
    start('proxy', { ...shared, SIMULATED_PROVIDER_URL: urls.simulator }, held),
    start('conversations', shared, held),
  ]);
  apiKey = await createApiKey(urls, secrets);
}

beforeAll(async () => {
  binary = await ensurePocketBase({
    sourceDir: path.join(ROOT, 'services/pocketbase'),
    cacheDir: defaultCacheDir(),
    report: () => {},
  });
  for (const name of SERVICES) await bundleService(name, path.join(folder, name));
  const ports = await Promise.all(
    SERVICES.map(async (name) => [name, `http://127.0.0.1:${await freePort()}`] as const),
  );
  mkdirSync(path.join(folder, 'identity/sign-in'));
  writeFileSync(path.join(folder, 'identity/sign-in/index.html'), '<!doctype html><title>Sign-in</title>');
  secrets = loadSecrets(folder);
  urls = { ...(Object.fromEntries(ports) as Record<Service, string>), pocketbase: '' };
  postgres = await startPostgres();
  pocketbase = await startPocketBase({
    binary,
    serviceDir: path.join(ROOT, 'services/pocketbase'),
    superuser: secrets.superuser,
    env: {
      ...inFiles('pocketbase', {
        INTERNAL_SECRET: secrets.internalSecret,
        BILLING_WEBHOOK_SECRET: secrets.webhookSecret,
      }),
      BILLING_WEBHOOK_URL: `${urls.billing}/internal/directory`,
    },
  });
  urls.pocketbase = pocketbase.url;
  await start('simulator', {});
  await startCore(postgres);
  await startTenant(postgres);
});

afterAll(async () => {
  const running = children.filter((child) => child.exitCode === null);
  await Promise.all(
    running.map((child) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return ended;
    }),
  );
  await pocketbase?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('each bundle stands alone: no package of the repository beside it, no type of TypeScript in it', () => {
  for (const name of SERVICES) {
    const names = readdirSync(path.join(folder, name), { recursive: true }).map(String);
    expect(names).toContain('server.js');
    expect(names.filter((file) => file.includes('node_modules') || /\.tsx?$|\.map$/.test(file))).toEqual([]);
  }
});

test('an answer is made, relayed and charged by bundles alone', async () => {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const models = listedModels.parse(await (await fetch(`${urls.proxy}/v1/models`, { headers })).json());
  const answer = await fetch(`${urls.proxy}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      model: models.data[0]?.id,
      messages: [{ role: 'user', content: 'Hello [[simulate length=3 first_byte_ms=0 tokens_per_second=10000]]' }],
    }),
  });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.stringContaining('"charge_eur":"0.')]);
});

test("the proxy's worker thread is where its bundle looks for it, and counts", async () => {
  const code = readFileSync(path.join(folder, 'proxy/server.js'), 'utf8');
  const place =
    /new URL\(["']\.\/count-worker\.js["'], new URL\(["'](\S+?)["'], import\.meta\.url\)\)/.exec(code)?.[1] ?? '';
  const worker = new Worker(path.join(folder, 'proxy', path.dirname(place), 'count-worker.js'));
  try {
    const answer = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    worker.postMessage({ id: 7, encoding: 'o200k_base', texts: ['Hello world', 'Hello'] });
    expect(await answer).toEqual({ id: 7, tokens: 3 });
  } finally {
    await worker.terminate();
  }
});

test('a person signs in with PocketBase and keeps a conversation', async () => {
  const client = new PocketBase(urls.pocketbase);
  const { token } = await client.collection('users').authWithPassword(secrets.user.email, secrets.user.password);
  const exchange = await fetch(`${urls.identity}/oauth/token`, {
    method: 'POST',
    body: exchangeForm(token, audienceOf.conversations(tenantId)),
  });
  const { access_token } = tokenExchangeResponse.parse(await exchange.json());
  const made = await fetch(`${urls.conversations}/v1/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'In a bundle' }),
  });
  expect(conversationSummary.parse(await made.json()).title).toBe('In a bundle');
});

test('PocketBase tells its container how it is, and names a secret that is missing', () => {
  const address = new URL(urls.pocketbase).host;
  const run = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(binary, args, { env: { HOME: folder, ...env }, encoding: 'utf8', cwd: folder });
  expect(run(['health', address]).status).toBe(0);
  expect(run(['health', '127.0.0.1:1']).status).toBe(1);
  const missing = run(['superuser', '--help'], { INTERNAL_SECRET_FILE: path.join(folder, 'none') });
  expect(missing.status).toBe(1);
  expect(missing.stderr).toContain("INTERNAL_SECRET_FILE: the file can't be read (no such file or directory)");
});

test('identity shows the sign-in page that lies beside it', async () => {
  const page = await fetch(`${urls.identity}/`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Sign-in')]);
});

test.each(SERVICES)('%s starts without a fault or a warning of Node', (name) => {
  expect((outputs.get(name) ?? '').split('\n').filter((line) => /Warning|DEP0|"level":[56]0/.test(line))).toEqual([]);
});
