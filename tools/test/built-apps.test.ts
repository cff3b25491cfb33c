/** The apps as they are delivered: built, read for secrets, served by the real nginx of their images. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AppConfig, appConfig, connectSources, pageHeaders } from '@cloudfreedom/contracts';
import { freePort } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSecrets } from '../src/images/find-secrets.ts';
import { prepareApp } from '../src/images/prepare-app.ts';
import { buildApp } from '../src/stack/build-app.ts';
import { firstLoadOf } from '../src/stack/first-load.ts';
import { ROOT } from '../src/stack/settings.ts';

const APPS = ['admin', 'chat', 'sign-in'] as const;
const NGINX = process.env.NGINX_BIN;
const VARIABLES = {
  POCKETBASE_URL: 'https://api.example.com',
  IDENTITY_URL: 'https://api.example.com',
  BILLING_URL: 'https://billing.example.com:8443/base',
  PROXY_URL: 'https://ai.{tenant}.example.com',
  CONVERSATIONS_URL: 'https://app.acme.example/conversations-api',
  CHAT_URL: 'https://app.acme.example',
  TENANT_ID: 'abcdefghijklmno',
  SIMULATED_PROVIDERS: 'openai,gemini',
  IMPRINT_URL: 'https://example.com/imprint?a=1&b=2',
};
const CONFIG: AppConfig = {
  pocketbaseUrl: VARIABLES.POCKETBASE_URL,
  identityUrl: VARIABLES.IDENTITY_URL,
  billingUrl: VARIABLES.BILLING_URL,
  proxyUrl: VARIABLES.PROXY_URL,
  conversationsUrl: VARIABLES.CONVERSATIONS_URL,
  chatUrl: VARIABLES.CHAT_URL,
  tenantId: VARIABLES.TENANT_ID,
  simulatedProviders: ['openai', 'gemini'],
  imprintUrl: VARIABLES.IMPRINT_URL,
  privacyUrl: null,
};

const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-apps-'));
// Started by root, nginx reads as nobody.
chmodSync(folder, 0o755);
const started: ChildProcess[] = [];
let dists: Record<(typeof APPS)[number], string>;

beforeAll(async () => {
  const built = { admin: '', chat: '', 'sign-in': '' };
  for (const app of APPS) built[app] = await buildApp(app, () => {});
  dists = built;
  await prepareApp('admin', path.join(folder, 'admin'));
  await prepareApp('chat', path.join(folder, 'chat'));
});

afterAll(() => {
  for (const child of started) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** Secrets of this machine: of the environment, of a demo that lies in .data, and where the sources lie. */
function knownSecrets(): Record<string, string> {
  const isSecret = ([name, value]: [string, string | undefined]) =>
    /KEY|TOKEN|SECRET|PASSWORD/.test(name) && (value ?? '').length >= 12;
  const fromEnvironment = Object.entries(process.env).filter(isSecret) as [string, string][];
  const demo = path.join(ROOT, '.data/secrets.json');
  const fromDemo = existsSync(demo)
    ? [...readFileSync(demo, 'utf8').matchAll(/"(\w+)": "([^"]{10,})"/g)].map(
        ([, name = '', value = '']) => [`the demo's ${name}`, value] as const,
      )
    : [];
  return { 'the folder of the sources': ROOT, ...Object.fromEntries(fromEnvironment), ...Object.fromEntries(fromDemo) };
}

function filesOf(dist: string): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.built-from')
    .map((entry) => path.join(entry.parentPath, entry.name));
}

test.each(APPS)('nothing secret is in the files of %s, and no map of the sources', (app) => {
  const files = filesOf(dists[app]);
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  const known = knownSecrets();
  const found = files.flatMap((file) =>
    findSecrets(readFileSync(file, 'latin1'), known).map((what) => `${path.relative(ROOT, file)}: ${what}`),
  );
  expect(found).toEqual([]);
});

test.each(['admin', 'chat'] as const)(
  'every style that %s and what it shares is drawn with is among its files',
  (app) => {
    const built = filesOf(dists[app])
      .filter((file) => file.endsWith('.css'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const sheets = globSync([`apps/${app}/src/**/*.css`, 'packages/ui/src/**/*.css'], { cwd: ROOT });
    expect(sheets.length).toBeGreaterThan(8);
    const missing = sheets.flatMap((sheet) => {
      const classes = readFileSync(path.join(ROOT, sheet), 'utf8').match(/^\.[a-z][\w-]+/gm) ?? [];
      return classes.filter((name) => !built.includes(name)).map((name) => `${sheet}: ${name}`);
    });
    expect(missing).toEqual([]);
  },
);

test.each([
  ['admin', 250_000],
  ['chat', 300_000],
] as const)('what %s loads before it shows anything stays small', (app, mostBytes) => {
  const { bytes, files } = firstLoadOf(app);
  console.log(`first load of ${app}: ${Math.round(bytes / 1000)} kB gzip in ${files} files`);
  expect(files).toBeGreaterThan(3);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(mostBytes);
});

test.each([
  ['an API key', `const key="cf-${'aB3_'.repeat(8)}"`],
  ['a service token', `"cfs-${'x9Y-'.repeat(10)}"`],
  ["OpenAI's key", `sk-proj-${'a1b2'.repeat(8)}`],
  ["Anthropic's key", `sk-ant-${'a1b2'.repeat(8)}`],
  ["Google's key", `AIza${'Sy12'.repeat(9)}`],
  ['a signed token', `eyJ${'aGVs'.repeat(6)}.eyJ${'bG8x'.repeat(6)}.${'c2ln'.repeat(8)}`],
  ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
  ['a database with its password', 'postgres://billing:hunter22@db/x'],
  ['this machine', 'fetch("http://127.0.0.1:4102/v1")'],
  ['a private network', 'fetch("http://192.168.1.20/v1")'],
  ['a named secret', `{clientSecret:"${'Zz09'.repeat(6)}"}`],
  ['a sign-in of the demo', '"admin@demo.example"'],
  ['a value of the environment', 'x="a-value-of-the-environment"'],
])('%s planted in a bundle is found', (_what, planted) => {
  const text = `${readFileSync(path.join(dists.admin, 'index.html'), 'latin1')};${planted};`;
  expect(findSecrets(text, { SOME_SECRET: 'a-value-of-the-environment' })).toHaveLength(1);
});

interface Served {
  url: string;
  child: ChildProcess;
  output: () => string;
}

async function serve(app: 'admin' | 'chat', variables: Record<string, string>): Promise<Served> {
  const port = await freePort();
  const child = spawn('sh', [path.join(folder, app, 'start-app.sh')], {
    // What the image has, and nothing else.
    env: {
      PATH: '/usr/bin:/bin',
      NGINX_BIN: NGINX,
      RUN_DIR: path.join(folder, `run-${port}`),
      PORT: String(port),
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  let hasEnded = false;
  child.once('close', () => {
    hasEnded = true;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let isUp = false; !isUp && !hasEnded; ) {
    isUp = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (!isUp) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { url, child, output: () => output };
}

const needsNginx = NGINX ? test : test.skip;

needsNginx('nginx serves the app with our policy, its configuration, and /health', async () => {
  const { url, output } = await serve('chat', VARIABLES);
  expect(output()).toBe('');
  const health = await fetch(`${url}/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const config = await fetch(`${url}/config.json`);
  expect(config.headers.get('cache-control')).toBe('no-store');
  expect(appConfig.parse(await config.json())).toEqual(CONFIG);
  const asset = readdirSync(path.join(dists.chat, 'assets')).find((name) => name.endsWith('.js')) ?? '';
  for (const [at, status, caching] of [
    ['/', 200, 'no-cache'],
    ['/index.html', 200, 'no-cache'],
    ['/some/page?of=the&app', 200, 'no-cache'],
    [`/assets/${asset}`, 200, 'public, max-age=31536000, immutable'],
    ['/assets/none-12345678.js', 404, 'no-store'],
    ['/assets/none', 404, 'no-store'],
    ['/missing.png', 404, 'no-store'],
    ['/nginx.conf', 404, 'no-store'],
    ['/../start-app.sh', 404, 'no-store'],
  ] as const) {
    const response = await fetch(url + at);
    expect([at, response.status, response.headers.get('cache-control')]).toEqual([at, status, caching]);
    // The very same headers as the launcher's server and identity's pages have.
    expect(Object.fromEntries(response.headers)).toMatchObject(pageHeaders(connectSources(CONFIG)));
    expect(response.headers.get('server')).toBe('nginx');
  }
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  const page = await fetch(`${url}/some/page`);
  expect(await page.text()).toBe(readFileSync(path.join(dists.chat, 'index.html'), 'utf8'));
  const script = await fetch(`${url}/assets/${asset}`);
  expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
});

needsNginx('the same files of an app with other variables are another installation', async () => {
  const { POCKETBASE_URL, IDENTITY_URL, BILLING_URL } = VARIABLES;
  const { url, output } = await serve('admin', { POCKETBASE_URL, IDENTITY_URL, BILLING_URL });
  expect(output()).toBe('');
  const config = appConfig.parse(await (await fetch(`${url}/config.json`)).json());
  expect(config).toMatchObject({ proxyUrl: null, tenantId: null, simulatedProviders: [], imprintUrl: null });
  expect((await fetch(url)).headers.get('content-security-policy')).toBe(
    pageHeaders(connectSources(config))['content-security-policy'],
  );
});

needsNginx("the portal's policy allows the proxies of tenants with a domain of their own", async () => {
  const { POCKETBASE_URL, IDENTITY_URL, BILLING_URL, PROXY_URL } = VARIABLES;
  const PROXY_ORIGINS = 'https://ai.acme.example, https://ai.umbrella.example:8443/,https://ai.{tenant}.other.example';
  const { url, output } = await serve('admin', { POCKETBASE_URL, IDENTITY_URL, BILLING_URL, PROXY_URL, PROXY_ORIGINS });
  expect(output()).toBe('');
  const config = appConfig.parse(await (await fetch(`${url}/config.json`)).json());
  expect((await fetch(url)).headers.get('content-security-policy')).toBe(
    pageHeaders([
      ...connectSources(config),
      'https://ai.acme.example',
      'https://ai.umbrella.example:8443',
      'https://*.other.example',
    ])['content-security-policy'],
  );
});

needsNginx.each([
  [{ BILLING_URL: '' }, 'BILLING_URL'],
  [{ BILLING_URL: 'billing.example.com' }, 'BILLING_URL'],
  [{ BILLING_URL: 'https://x"; add_header a b; #' }, 'BILLING_URL'],
  [{ PROXY_URL: 'https://x\nhttps://y' }, 'PROXY_URL'],
  [{ PROXY_ORIGINS: 'https://x,https://y; script-src *' }, 'PROXY_ORIGINS'],
  [{ PROXY_ORIGINS: 'ai.acme.example' }, 'PROXY_ORIGINS'],
  [{ IMPRINT_URL: 'https://x"y' }, 'IMPRINT_URL'],
  [{ TENANT_ID: 'a"b' }, 'TENANT_ID'],
  [{ SIMULATED_PROVIDERS: 'mistral' }, 'SIMULATED_PROVIDERS'],
])('%j ends the start with the name of the variable', async (change, name) => {
  const { child, output } = await serve('chat', { ...VARIABLES, ...change });
  expect(child.exitCode).toBe(1);
  expect(output()).toContain(`The environment is not right: ${name}`);
});
