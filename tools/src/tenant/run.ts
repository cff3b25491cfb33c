/** A tenant's services on this machine, without Docker: its own Postgres, Redis, proxy, conversations and chat. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type AppConfig, PROVIDERS } from '@cloudfreedom/contracts';
import type { BundleFacts } from '@cloudfreedom/tenant-bundle';
import { startPostgres } from '@cloudfreedom/testkit';
import { buildApp } from '../stack/build-app.ts';
import { type Child, OutputKeeper, startNode } from '../stack/child.ts';
import { postgresFolder } from '../stack/databases.ts';
import { Fault } from '../stack/fault.ts';
import { findTenantPorts, type TenantPorts } from '../stack/ports.ts';
import { recordChildren, releaseDataDir, takeDataDir } from '../stack/run-file.ts';
import { writePrivate } from '../stack/secrets.ts';
import { describeDeath, waitUntilOk } from '../stack/wait.ts';
import { type BundleFolder, readTemplate } from './bundle-folder.ts';
import { startRedis } from './redis.ts';
import { runEnvironment } from './run-environment.ts';

const LOCAL = /^https?:\/\/(127\.0\.0\.1|localhost):(\d+)$/;
export const DATABASE = 'tenant';
const DEFAULT_PORT_BASE = 4100;
/** Who serves people first, what they need last. */
const STOP_ORDER = [['chat', 'proxy', 'conversations'], ['simulator', 'redis'], ['postgres']];

class TenantRunner {
  readonly #folder: BundleFolder;
  readonly #facts: BundleFacts;
  readonly #report: (line: string) => void;
  readonly #onDeath: (message: string) => void;
  readonly #children = new Map<string, Child>();
  readonly #dataDir: string;
  #ports!: TenantPorts;
  #stopping: Promise<void> | null = null;
  #holdsDataDir = false;

  constructor(folder: BundleFolder, report: (line: string) => void, onDeath: (message: string) => void) {
    this.#folder = folder;
    this.#facts = folder.finished();
    this.#report = report;
    this.#onDeath = onDeath;
    this.#dataDir = folder.file('data');
  }

  /** @returns the addresses. @throws Fault */
  async start(): Promise<Record<'proxy' | 'conversations' | 'chat', string>> {
    await this.#folder.checkVersion(readTemplate(), this.#facts);
    const startsOver = !existsSync(this.#dataDir);
    mkdirSync(this.#dataDir, { recursive: true });
    await takeDataDir(this.#dataDir, this.#report);
    this.#holdsDataDir = true;
    await this.#takePorts();
    const chatDist = buildApp('chat', this.#report);
    chatDist.catch(() => {});
    const databaseUrl = await this.#startPostgres(startsOver);
    const redisUrl = this.#startRedis();
    if (this.#simulates()) this.#startNode('simulator', 'packages/testkit/src/simulated-provider/main.ts', {});
    this.#startServices(databaseUrl, redisUrl);
    this.#startChat(await chatDist);
    await Promise.all([
      this.#wait('proxy', '/ready'),
      this.#wait('conversations', '/ready'),
      this.#wait('chat', '/health'),
    ]);
    const urls = { proxy: this.#url('proxy'), conversations: this.#url('conversations'), chat: this.#url('chat') };
    writePrivate(path.join(this.#dataDir, 'running.json'), { urls, databaseUrl, redisUrl });
    return urls;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    if (!this.#holdsDataDir) return;
    rmSync(path.join(this.#dataDir, 'running.json'), { force: true });
    for (const names of STOP_ORDER) {
      const children = names.map((name) => this.#children.get(name)).filter((child) => child !== undefined);
      await Promise.all(children.map((child) => child.stop(child.name === 'proxy' ? 28_000 : 10_000)));
    }
    releaseDataDir(this.#dataDir);
  }

  async #takePorts(): Promise<void> {
    const core = Number(LOCAL.exec(this.#facts.core.pocketbase)?.[2] ?? DEFAULT_PORT_BASE);
    const { portBase, ports } = await findTenantPorts(core, this.#folder.state().portBase);
    this.#ports = ports;
    this.#folder.keep({ portBase });
  }

  #url(name: keyof TenantPorts): string {
    return `http://127.0.0.1:${this.#ports[name]}`;
  }

  /** Real providers only for an enterprise or an internal tenant. */
  #simulates(): boolean {
    return ['demo', 'dev'].includes(this.#facts.tenant.type);
  }

  #secret(name: string): string {
    const value = this.#folder.secrets()[name];
    if (value) return value;
    throw new Fault(
      `${name} is missing in the bundle's secrets: npm run tenant -- create ${this.#folder.slug} … again makes what is missing.`,
    );
  }

  #watch(child: Child): void {
    this.#children.set(child.name, child);
    recordChildren(this.#dataDir, Object.fromEntries([...this.#children.values()].map(({ name, pid }) => [name, pid])));
    child.process.once('exit', () => {
      if (!this.#stopping) this.#onDeath(describeDeath(child));
    });
  }

  #startNode(name: keyof TenantPorts, entry: string, env: Record<string, string>): void {
    const place = { HOST: '127.0.0.1', PORT: String(this.#ports[name]) };
    this.#watch(startNode(name, entry, { ...place, ...env }, path.join(this.#dataDir, 'logs')));
  }

  async #startPostgres(startsOver: boolean): Promise<string> {
    const output = new OutputKeeper(path.join(this.#dataDir, 'logs'), 'postgres');
    const server = await startPostgres({
      dataDir: postgresFolder(this.#dataDir, startsOver, this.#report),
      port: this.#ports.postgres,
      password: this.#secret('POSTGRES_PASSWORD'),
    });
    server.process.stderr?.on('data', (chunk: Buffer) => output.take(chunk.toString()));
    this.#watch({
      name: 'postgres',
      pid: server.pid,
      process: server.process,
      lastLines: () => output.lines(),
      stop: () => server.stop(),
    });
    return server.createDatabase(DATABASE);
  }

  /** Empty: none is installed, limits count in the proxy's memory. */
  #startRedis(): string {
    const password = this.#secret('REDIS_PASSWORD');
    const child = startRedis(this.#ports.redis, password, path.join(this.#dataDir, 'logs'));
    if (!child) {
      this.#report('No Redis is installed (REDIS_SERVER_BIN): rate limits count in the memory of the proxy.');
      return '';
    }
    this.#watch(child);
    return `redis://:${encodeURIComponent(password)}@127.0.0.1:${this.#ports.redis}`;
  }

  #startServices(databaseUrl: string, redisUrl: string): void {
    for (const name of ['BILLING_SERVICE_TOKEN', 'PROVIDER_KEY_ENCRYPTION_KEY']) this.#secret(name);
    const { proxy, conversations } = runEnvironment(this.#facts, this.#folder.secrets(), {
      databaseUrl,
      redisUrl,
      chatUrl: this.#url('chat'),
      simulatorUrl: this.#simulates() ? this.#url('simulator') : null,
    });
    this.#startNode('proxy', 'services/proxy/src/server.ts', proxy);
    this.#startNode('conversations', 'services/conversations/src/server.ts', conversations);
  }

  #startChat(distDir: string): void {
    const { core, tenant } = this.#facts;
    const { IMPRINT_URL, PRIVACY_URL } = this.#folder.secrets();
    const config: AppConfig = {
      pocketbaseUrl: core.pocketbase,
      identityUrl: core.identity,
      billingUrl: core.billing,
      proxyUrl: this.#url('proxy'),
      conversationsUrl: this.#url('conversations'),
      chatUrl: this.#url('chat'),
      simulatedProviders: this.#simulates() ? [...PROVIDERS] : [],
      tenantId: tenant.id,
      imprintUrl: IMPRINT_URL || null,
      privacyUrl: PRIVACY_URL || null,
    };
    this.#startNode('chat', 'tools/src/static-app.ts', { DIST_DIR: distDir, APP_CONFIG: JSON.stringify(config) });
  }

  #wait(name: keyof TenantPorts, route: string): Promise<void> {
    const child = this.#children.get(name);
    if (!child) throw new Error(`${name} was not started`);
    return waitUntilOk(`${this.#url(name)}${route}`, child);
  }
}

/** Until it is stopped by a signal, or one of its services ends. @throws Fault */
export async function runTenant(folder: BundleFolder, report: (line: string) => void): Promise<void> {
  let fault: Fault | undefined;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const runner = new TenantRunner(folder, report, (message) => {
    fault = new Fault(message);
    end();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  process.once('disconnect', end); // whoever started us is gone
  try {
    const started = runner.start().then((urls) => {
      report(
        `\n${folder.slug} runs here\n  Chat   ${urls.chat}\n  API    ${urls.proxy}/v1\n  Logs   ${folder.file('data/logs')}   Stop: Ctrl-C`,
      );
      return ended;
    });
    await Promise.race([started, ended]);
  } finally {
    await runner.stop();
  }
  if (fault) throw fault;
}
