/** Brings up every service on this machine in the order in which they need each other, and down again. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type AppConfig, listedModels, PROVIDERS, type StackFile, stackFile } from '@cloudfreedom/contracts';
import { type SmtpSink, startPocketBase } from '@cloudfreedom/testkit';
import { defaultCacheDir, ensurePocketBase } from '../pocketbase-binary.ts';
import { buildApp } from './build-app.ts';
import { type Child, hasEnded, OutputKeeper, startNode, stopProcess } from './child.ts';
import { type Databases, openDatabases } from './databases.ts';
import { createApiKey, createServiceToken, keepDemoType, seedPeople } from './demo-data.ts';
import { Fault } from './fault.ts';
import { startMailbox } from './mailbox.ts';
import { checkPortsAreFree, type Ports, portsFrom, tenantChatPorts } from './ports.ts';
import { recordChildren, releaseDataDir, takeDataDir } from './run-file.ts';
import { loadSecrets, type Secrets, saveSecrets, writePrivate } from './secrets.ts';
import { makeFolder, publicHost, ROOT, type Settings, simulatedProviders } from './settings.ts';
import { describeDeath, waitUntilOk } from './wait.ts';

export type Urls = StackFile['urls'] & { simulator: string };

export interface Stack {
  file: StackFile;
  /** Public model name -> shown name; says which are simulated. */
  modelNames: Map<string, string>;
  /** True where demo data was made in this start. */
  first: boolean;
}

/** The stop order: who serves people first, what they need last. */
const STOP_ORDER = [
  ['admin', 'chat', 'proxy', 'conversations'],
  ['billing', 'identity'],
  ['pocketbase', 'simulator'],
  ['postgres'],
];

export class StackRunner {
  readonly #settings: Settings;
  readonly #report: (line: string) => void;
  readonly #onDeath: (message: string) => void;
  readonly #children = new Map<string, Child>();
  readonly #ports: Ports;
  readonly #urls: Urls;
  readonly #logFolder: string;
  #secrets!: Secrets;
  #first = false;
  #mailbox: SmtpSink | null = null;
  #stopping: Promise<void> | null = null;
  /** False while the data directory may belong to another launcher. */
  #holdsDataDir = false;

  constructor(settings: Settings, report: (line: string) => void, onDeath: (message: string) => void) {
    this.#settings = settings;
    this.#report = report;
    this.#onDeath = onDeath;
    this.#ports = portsFrom(settings.PORT_BASE);
    this.#logFolder = path.join(settings.dataDir, 'logs');
    const host = publicHost(settings);
    const { postgres: _, ...http } = this.#ports;
    this.#urls = Object.fromEntries(
      Object.entries(http).map(([name, port]) => [name, `http://${host}:${port}`]),
    ) as Urls;
  }

  /** @throws Fault for what the person at the terminal can mend */
  async start(startedAt: number): Promise<Stack> {
    const { dataDir } = this.#settings;
    makeFolder(dataDir);
    await takeDataDir(dataDir, this.#report);
    this.#holdsDataDir = true;
    rmSync(this.#stackFile(), { force: true });
    await checkPortsAreFree(this.#ports, this.#settings.HOST);
    this.#secrets = loadSecrets(dataDir);
    const apps = Promise.all([buildApp('admin', this.#report), buildApp('chat', this.#report)]);
    const signInApp = buildApp('sign-in', this.#report);
    signInApp.catch(() => {});
    apps.catch(() => {}); // awaited below; a failure must not be "unhandled" until then
    this.#startSimulator();
    const [databases] = await Promise.all([this.#openDatabases(), this.#startPocketBase()]);
    this.#startIdentity(databases, await signInApp);
    const tenantId = await this.#seed();
    this.#startBilling(databases);
    const serviceToken = await this.#makeServiceToken(tenantId);
    this.#startProxy(databases, tenantId, serviceToken);
    this.#startConversations(databases, tenantId, serviceToken);
    const [adminDist, chatDist] = await apps;
    this.#startApp('admin', adminDist, null);
    this.#startApp('chat', chatDist, tenantId);
    await this.#waitForAll();
    await this.#makeApiKey();
    return this.#writeStackFile(startedAt);
  }

  /** Ends every child in order; running streams may finish. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    if (!this.#holdsDataDir) return;
    rmSync(this.#stackFile(), { force: true });
    for (const names of STOP_ORDER) {
      const children = names.map((name) => this.#children.get(name)).filter((child) => child !== undefined);
      await Promise.all(children.map((child) => child.stop(child.name === 'proxy' ? 28_000 : 10_000)));
    }
    await this.#mailbox?.stop();
    releaseDataDir(this.#settings.dataDir);
  }

  /** Ends everything at once, for a second Ctrl-C. */
  kill(): void {
    for (const child of this.#children.values()) child.process.kill(child.name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
    releaseDataDir(this.#settings.dataDir);
  }

  #stackFile(): string {
    return path.join(this.#settings.dataDir, 'stack.json');
  }

  #watch(child: Child): Child {
    this.#children.set(child.name, child);
    recordChildren(
      this.#settings.dataDir,
      Object.fromEntries([...this.#children.values()].map(({ name, pid }) => [name, pid])),
    );
    child.process.once('exit', () => {
      if (!this.#stopping) this.#onDeath(describeDeath(child));
    });
    return child;
  }

  #startNode(name: string, entry: string, env: Record<string, string | undefined>): void {
    const own = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
    const port = this.#ports[name as keyof Ports];
    const shared = {
      HOST: this.#settings.HOST,
      PORT: String(port),
      LOG_LEVEL: this.#settings.LOG_LEVEL,
      CORS_ORIGINS: this.#origins(),
      ...this.#settings.tracing,
    };
    this.#watch(startNode(name, entry, { ...shared, ...own }, this.#logFolder));
  }

  /** The apps' addresses under every name that they may be opened by, those of tenants that run beside it included. */
  #origins(): string {
    const hosts = new Set([publicHost(this.#settings), '127.0.0.1', 'localhost']);
    const { admin, chat, identity } = this.#ports;
    const ports = [admin, chat, identity, ...tenantChatPorts(this.#settings.PORT_BASE)];
    return [...hosts].flatMap((host) => ports.map((port) => `http://${host}:${port}`)).join(',');
  }

  #tokenCheck() {
    return { IDENTITY_ISSUER: this.#urls.identity, IDENTITY_JWKS_URL: `${this.#urls.identity}/.well-known/jwks.json` };
  }

  #startSimulator(): void {
    this.#startNode('simulator', 'packages/testkit/src/simulated-provider/main.ts', {});
  }

  async #openDatabases(): Promise<Databases> {
    const databases = await openDatabases(this.#settings, this.#secrets, this.#ports.postgres, this.#report);
    if (databases.child) this.#watch(databases.child);
    return databases;
  }

  async #startPocketBase(): Promise<void> {
    const binary = await ensurePocketBase({
      sourceDir: path.join(ROOT, 'services/pocketbase'),
      cacheDir: defaultCacheDir(),
      override: this.#settings.POCKETBASE_BIN,
      report: this.#report,
    }).catch((error: Error) => {
      throw new Fault(error.message);
    });
    const output = new OutputKeeper(this.#logFolder, 'pocketbase');
    const mailSettings = await this.#mailSettings();
    const server = await startPocketBase({
      binary,
      serviceDir: path.join(ROOT, 'services/pocketbase'),
      dataDir: path.join(this.#settings.dataDir, 'pocketbase'),
      host: this.#settings.HOST,
      port: this.#ports.pocketbase,
      superuser: this.#secrets.superuser,
      origins: this.#origins().split(','),
      env: {
        INTERNAL_SECRET: this.#secrets.internalSecret,
        BILLING_WEBHOOK_URL: `${this.#urls.billing}/internal/directory`,
        BILLING_WEBHOOK_SECRET: this.#secrets.webhookSecret,
        PORTAL_URL: this.#urls.admin,
        CHAT_URL: this.#urls.chat,
        ...mailSettings,
        ...this.#settings.signIn,
      },
      onLine: (line) => output.take(`${line}\n`),
    });
    this.#watch({
      name: 'pocketbase',
      pid: server.pid,
      process: server.process,
      lastLines: () => output.lines(),
      stop: (graceMs) => stopProcess(server.process, graceMs),
    });
  }

  /** Without a mail server of your own, mails are kept in a folder and told in the terminal. */
  async #mailSettings(): Promise<Record<string, string>> {
    if (this.#settings.signIn.SMTP_HOST) return {};
    this.#mailbox = await startMailbox(path.join(this.#settings.dataDir, 'mails'), this.#report);
    return {
      SMTP_HOST: this.#mailbox.host,
      SMTP_PORT: String(this.#mailbox.port),
      MAIL_FROM_ADDRESS: 'router@cloudfreedom.example',
    };
  }

  #startIdentity(databases: Databases, signInPages: string): void {
    this.#startNode('identity', 'services/identity/src/server.ts', {
      POCKETBASE_URL: this.#urls.pocketbase,
      INTERNAL_SECRET: this.#secrets.internalSecret,
      IDENTITY_ISSUER: this.#urls.identity,
      SIGNING_KEYS_FILE: path.join(this.#settings.dataDir, 'identity-keys.json'),
      DATABASE_URL: databases.identity,
      OIDC_COOKIE_SECRET: this.#secrets.oidcCookieSecret,
      SIGN_IN_PAGES_DIR: signInPages,
      SIGN_IN_CONFIG: JSON.stringify(this.#appConfig(null)),
    });
  }

  #startBilling(databases: Databases): void {
    this.#startNode('billing', 'services/billing/src/server.ts', {
      ...this.#tokenCheck(),
      DATABASE_URL: databases.billing,
      MIGRATION_DATABASE_URL: databases.billingOwner,
      POCKETBASE_URL: this.#urls.pocketbase,
      INTERNAL_SECRET: this.#secrets.internalSecret,
      BILLING_WEBHOOK_SECRET: this.#secrets.webhookSecret,
      USD_EUR_RATE: this.#settings.USD_EUR_RATE,
      WEBHOOK_PRIVATE_HOSTS: this.#settings.WEBHOOK_PRIVATE_HOSTS,
      TRUSTED_PROXY_HEADER: this.#settings.signIn.TRUSTED_PROXY_HEADER,
      TRUSTED_PROXY_ADDRESSES: this.#settings.signIn.TRUSTED_PROXY_ADDRESSES,
    });
  }

  #startProxy(databases: Databases, tenantId: string, serviceToken: string): void {
    const {
      OPENAI_API_KEY,
      ANTHROPIC_API_KEY,
      GEMINI_API_KEY,
      OPENAI_BASE_URL,
      ANTHROPIC_BASE_URL,
      GEMINI_BASE_URL,
      PROVIDER_KEYS,
      PRIVATE_UPSTREAMS,
      REDIS_URL,
      RESPONSES_RETENTION_DAYS,
      OPEN_WEBUI_SERVICE_KEY,
      OPEN_WEBUI_USER_JWT_SECRET,
    } = this.#settings;
    this.#startNode('proxy', 'services/proxy/src/server.ts', {
      ...this.#tokenCheck(),
      TENANT_ID: tenantId,
      BILLING_URL: this.#urls.billing,
      BILLING_SERVICE_TOKEN: serviceToken,
      DATABASE_URL: databases.tenant,
      REDIS_URL,
      OPENAI_API_KEY,
      ANTHROPIC_API_KEY,
      GEMINI_API_KEY,
      OPENAI_BASE_URL,
      ANTHROPIC_BASE_URL,
      GEMINI_BASE_URL,
      PROVIDER_KEYS,
      PRIVATE_UPSTREAMS,
      OPEN_WEBUI_SERVICE_KEY,
      OPEN_WEBUI_USER_JWT_SECRET,
      PROVIDER_KEY_ENCRYPTION_KEY: this.#secrets.providerKeyEncryptionKey,
      SIMULATED_PROVIDER_URL: this.#urls.simulator,
      RESPONSES_RETENTION_DAYS,
    });
  }

  #startConversations(databases: Databases, tenantId: string, serviceToken: string): void {
    this.#startNode('conversations', 'services/conversations/src/server.ts', {
      ...this.#tokenCheck(),
      TENANT_ID: tenantId,
      BILLING_URL: this.#urls.billing,
      BILLING_SERVICE_TOKEN: serviceToken,
      DATABASE_URL: databases.tenant,
    });
  }

  #appConfig(tenantId: string | null): AppConfig {
    const { pocketbase, identity, billing, proxy, conversations } = this.#urls;
    return {
      pocketbaseUrl: pocketbase,
      identityUrl: identity,
      billingUrl: billing,
      proxyUrl: proxy,
      conversationsUrl: tenantId ? conversations : null,
      chatUrl: this.#urls.chat,
      simulatedProviders: simulatedProviders(this.#settings),
      tenantId,
      imprintUrl: this.#settings.IMPRINT_URL ?? null,
      privacyUrl: this.#settings.PRIVACY_URL ?? null,
    };
  }

  #startApp(name: 'admin' | 'chat', distDir: string, tenantId: string | null): void {
    const config = this.#appConfig(tenantId);
    this.#startNode(name, 'tools/src/static-app.ts', { DIST_DIR: distDir, APP_CONFIG: JSON.stringify(config) });
  }

  async #seed(): Promise<string> {
    const { pocketbase } = this.#urls;
    if (!this.#secrets.tenantId) {
      this.#first = true;
      this.#report('Making demo data (once) …');
      this.#remember({ tenantId: await seedPeople(pocketbase, this.#secrets) });
    }
    const id = this.#secrets.tenantId ?? '';
    const allSimulated = simulatedProviders(this.#settings).length === PROVIDERS.length;
    await keepDemoType(pocketbase, this.#secrets, { id, type: allSimulated ? 'demo' : 'dev' });
    return id;
  }

  async #makeServiceToken(tenantId: string): Promise<string> {
    if (this.#secrets.serviceToken) return this.#secrets.serviceToken;
    await Promise.all([this.#wait('billing', '/ready'), this.#wait('identity', '/ready')]);
    this.#remember({ serviceToken: await createServiceToken(this.#urls, this.#secrets, tenantId) });
    return this.#secrets.serviceToken ?? '';
  }

  async #makeApiKey(): Promise<void> {
    if (this.#secrets.apiKey) return;
    this.#remember({ apiKey: await createApiKey(this.#urls, this.#secrets) });
  }

  #remember(news: Partial<Secrets>): void {
    this.#secrets = { ...this.#secrets, ...news };
    saveSecrets(this.#settings.dataDir, this.#secrets);
  }

  #wait(name: Exclude<keyof Urls, 'pocketbase'>, route: string): Promise<void> {
    const child = this.#children.get(name);
    if (!child) throw new Error(`${name} was not started`);
    return waitUntilOk(`${this.#urls[name]}${route}`, child);
  }

  async #waitForAll(): Promise<void> {
    const services = ['identity', 'billing', 'proxy', 'conversations'] as const;
    const plain = ['simulator', 'admin', 'chat'] as const;
    await Promise.all([
      ...services.map((name) => this.#wait(name, '/ready')),
      ...plain.map((name) => this.#wait(name, '/health')),
    ]);
  }

  async #writeStackFile(startedAt: number): Promise<Stack> {
    const {
      superuser,
      platformAdmin,
      tenantAdmin,
      user,
      apiKey = '',
      tenantId = '',
      serviceToken = '',
    } = this.#secrets;
    const response = await fetch(`${this.#urls.proxy}/v1/models`, { headers: { authorization: `Bearer ${apiKey}` } });
    if (!response.ok) throw new Error(`The proxy's model list answered ${response.status}: ${await response.text()}`);
    const models = listedModels.parse(await response.json()).data;
    const { simulator: _, ...urls } = this.#urls;
    const file: StackFile = {
      urls,
      demo: { superuser, platformAdmin, tenantAdmin, user, apiKey },
      tenant: { id: tenantId, serviceToken },
      models: models.map(({ id }) => id),
      pids: { launcher: process.pid, ...Object.fromEntries([...this.#children].map(([name, { pid }]) => [name, pid])) },
      readyInMs: Date.now() - startedAt,
    };
    const dead = [...this.#children.values()].find((child) => hasEnded(child.process));
    if (dead) throw new Error(describeDeath(dead));
    writePrivate(this.#stackFile(), stackFile.parse(file));
    return { file, modelNames: new Map(models.map(({ id, name }) => [id, name])), first: this.#first };
  }
}
