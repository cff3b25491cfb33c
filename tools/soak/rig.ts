/** Proxy and billing as processes on a real Postgres, beside a simulated provider: each can be killed and comes back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  type DirectoryChange,
  type ModelRecord,
  type ProductRecord,
  serviceTokenCreateResponse,
} from '@cloudfreedom/contracts';
import { createPool, type Pool } from '@cloudfreedom/service-kit';
import {
  createTestIdentity,
  freePort,
  type Postgres,
  type RecordedRequest,
  startPostgres,
  startSimulatedProvider,
  type TestIdentity,
} from '@cloudfreedom/testkit';
import { ROOT } from '../src/stack/settings.ts';
import { newPerson, nextRev, product, models as soakModels, tenant } from './directory.ts';
import { type FakePocketBase, startFakePocketBase } from './fake-pocketbase.ts';
import { isReady, waitFor } from './ready.ts';

const SECRET = randomBytes(24).toString('hex');
export const PARTS = ['proxy', 'billing', 'postgres'] as const;
export type Part = (typeof PARTS)[number];

export interface Rig {
  tenantId: string;
  proxyUrl: string;
  billingUrl: string;
  /** Connected as the owner of billing's tables; anew after each death of Postgres. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Settlements that the proxy has not delivered yet. */
  outboxRows(): Promise<number>;
  /** Somebody new with a monthly limit. @returns the subject id and an API key */
  addPerson(budgetEur: string, productId?: string): Promise<{ subjectId: string; key: string }>;
  /** One more proxy of the tenant, ready; it ends with the rig. */
  addProxy(environment?: NodeJS.ProcessEnv): Promise<{ url: string; pid: number }>;
  /** One more billing on the same Postgres, ready; it ends with the rig. */
  addBilling(): Promise<{ url: string; pid: number }>;
  /** Through PocketBase's webhook, as an admin would. */
  suspend(subjectId: string): Promise<void>;
  /** What is held now runs out at once: its minute need not be waited for. */
  endMinuteOfHolds(): Promise<void>;
  /** Process id, for those who measure. */
  pid(part: Part): number;
  /** Billing's ledger waits in Postgres and answers nobody. @returns lets it go on */
  holdBilling(): Promise<() => Promise<void>>;
  /** kill -9 (or another signal), start again, wait until it is ready. */
  killAndRestart(part: Part, signal?: NodeJS.Signals): Promise<void>;
  /** What reached the provider, where the rig was told to record it. */
  providerRequests(): RecordedRequest[];
  stop(): Promise<void>;
}

interface RigOptions {
  /** Instead of the soak's own. */
  products?: ProductRecord[];
  models?: ModelRecord[];
  /** Beside what every proxy here needs. */
  proxyEnvironment?: Record<string, string>;
  /** Keep what reaches the provider. */
  record?: boolean;
}

class Machines implements Rig {
  readonly tenantId = tenant.id;
  proxyUrl = '';
  billingUrl = '';
  readonly #dataDir = mkdtempSync('/tmp/cloudfreedom-soak-');
  readonly #children = new Map<Part, ChildProcess>();
  readonly #environments = new Map<Part, Record<string, string>>();
  #postgres: Postgres | undefined;
  #postgresPort = 0;
  #owner: Pool | undefined;
  #proxyDatabase: Pool | undefined;
  #pocketbase: FakePocketBase | undefined;
  #identity: TestIdentity | undefined;
  #provider: Awaited<ReturnType<typeof startSimulatedProvider>> | undefined;
  readonly #moreReplicas: ChildProcess[] = [];
  readonly #options: RigOptions;

  constructor(options: RigOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    chmodSync(this.#dataDir, 0o755);
    this.#postgresPort = await freePort();
    const postgres = await this.#startPostgres();
    const billingOwner = await postgres.createDatabase('billing');
    const proxyDatabase = await postgres.createDatabase('tenant');
    this.#identity = await createTestIdentity();
    this.#provider = await startSimulatedProvider({
      record: this.#options.record ?? false,
      defaults: { first_byte_ms: 5, tokens_per_second: 0 },
    });
    const { products = [product], models = soakModels } = this.#options;
    const directory = { tenants: [tenant], products, users: [], api_keys: [], models };
    this.#pocketbase = await startFakePocketBase({ rev: nextRev(), ...directory });
    this.#owner = createPool(billingOwner, { max: 2, applicationName: 'soak' });
    this.#proxyDatabase = createPool(proxyDatabase, { max: 1, applicationName: 'soak' });
    for (const pool of [this.#owner, this.#proxyDatabase]) pool.on('error', () => undefined);
    const service = new URL(billingOwner);
    service.username = 'billing_service';
    service.password = SECRET;
    const shared = {
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      IDENTITY_ISSUER: this.#identity.issuer,
      IDENTITY_JWKS_URL: this.#identity.jwksUrl,
    };
    const [billingPort, proxyPort] = [await freePort(), await freePort()];
    this.billingUrl = `http://127.0.0.1:${billingPort}`;
    this.proxyUrl = `http://127.0.0.1:${proxyPort}`;
    this.#environments.set('billing', {
      ...shared,
      PORT: String(billingPort),
      DATABASE_URL: service.href,
      MIGRATION_DATABASE_URL: billingOwner,
      POCKETBASE_URL: this.#pocketbase.url,
      INTERNAL_SECRET: SECRET,
      BILLING_WEBHOOK_SECRET: SECRET,
      USD_EUR_RATE: '0.86',
    });
    await this.#startNode('billing');
    this.#environments.set('proxy', {
      ...shared,
      PORT: String(proxyPort),
      TENANT_ID: tenant.id,
      BILLING_URL: this.billingUrl,
      BILLING_SERVICE_TOKEN: await this.#serviceToken(),
      DATABASE_URL: proxyDatabase,
      OPENAI_API_KEY: 'simulated',
      OPENAI_BASE_URL: `${this.#provider.url}/v1`,
      SIMULATED_PROVIDER_URL: this.#provider.url,
      ...this.#options.proxyEnvironment,
    });
    await this.#startNode('proxy');
  }

  async #startPostgres(): Promise<Postgres> {
    const options = { dataDir: path.join(this.#dataDir, 'postgres'), port: this.#postgresPort };
    for (let attempt = 1; ; attempt++) {
      try {
        this.#postgres = await startPostgres(options);
        return this.#postgres;
      } catch (error) {
        // The killed server's children hold its memory for a moment longer.
        if (attempt === 40) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  async #startNode(part: 'proxy' | 'billing'): Promise<void> {
    this.#children.set(part, this.#spawnNode(part, {}));
    const url = part === 'proxy' ? this.proxyUrl : this.billingUrl;
    await waitFor(part, () => isReady(url));
  }

  #spawnNode(part: 'proxy' | 'billing', more: NodeJS.ProcessEnv): ChildProcess {
    const env = { PATH: process.env.PATH ?? '', ...this.#environments.get(part), ...more };
    const entry = `services/${part}/src/server.ts`;
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
      cwd: ROOT,
      env,
      stdio: ['ignore', process.env.SOAK_LOG ? 'inherit' : 'ignore', 'inherit'],
    });
  }

  addProxy(environment: NodeJS.ProcessEnv = {}): Promise<{ url: string; pid: number }> {
    return this.#addReplica('proxy', environment);
  }

  addBilling(): Promise<{ url: string; pid: number }> {
    return this.#addReplica('billing', {});
  }

  async #addReplica(part: 'proxy' | 'billing', environment: NodeJS.ProcessEnv): Promise<{ url: string; pid: number }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = this.#spawnNode(part, { ...environment, PORT: String(port) });
    this.#moreReplicas.push(child);
    await waitFor(`one more ${part}`, () => isReady(url));
    return { url, pid: child.pid ?? 0 };
  }

  pid(part: Part): number {
    return (part === 'postgres' ? this.#postgres?.pid : this.#children.get(part)?.pid) ?? 0;
  }

  async #serviceToken(): Promise<string> {
    const claims = { sub: 'a'.repeat(15), tenant: 'b'.repeat(15), role: 'platform_admin', locale: 'en' } as const;
    const response = await fetch(`${this.billingUrl}/v1/tenants/${tenant.id}/service-tokens`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await this.#identity?.sign(claims, 'billing')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'soak' }),
    });
    return serviceTokenCreateResponse.parse(await response.json()).token;
  }

  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    for (let attempt = 1; ; attempt++) {
      if (!this.#owner) throw new Error('not started');
      try {
        return (await this.#owner.query<Row>(text, values)).rows;
      } catch (error) {
        // Only reads are asked here; a machine at its limit, or a Postgres that was killed, may need a moment.
        if (attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async outboxRows(): Promise<number> {
    const found = await this.#proxyDatabase?.query<{ rows: bigint }>('SELECT count(*) AS rows FROM proxy.outbox');
    return Number(found?.rows[0]?.rows ?? 0);
  }

  async addPerson(budgetEur: string, productId?: string): Promise<{ subjectId: string; key: string }> {
    const { user, record, key } = newPerson(budgetEur, productId);
    this.#pocketbase?.snapshot.users.push(user);
    this.#pocketbase?.snapshot.api_keys.push(record);
    const changes: DirectoryChange[] = [
      { collection: 'users', id: user.id, rev: user.rev, record: user },
      { collection: 'api_keys', id: record.id, rev: record.rev, record },
    ];
    if (this.#pocketbase) this.#pocketbase.snapshot.rev = record.rev;
    await this.#tell(changes);
    return { subjectId: user.id, key };
  }

  async suspend(subjectId: string): Promise<void> {
    const user = this.#pocketbase?.snapshot.users.find(({ id }) => id === subjectId);
    if (!this.#pocketbase || !user) throw new Error(`nobody is ${subjectId}`);
    Object.assign(user, { status: 'suspended', rev: nextRev() });
    this.#pocketbase.snapshot.rev = user.rev;
    await this.#tell([{ collection: 'users', id: user.id, rev: user.rev, record: user }]);
  }

  async endMinuteOfHolds(): Promise<void> {
    await this.#owner?.query(`UPDATE reservations SET expires_at = now() WHERE state = 'open'`);
  }

  async #tell(changes: DirectoryChange[]): Promise<void> {
    const body = JSON.stringify({ changes });
    const response = await fetch(`${this.billingUrl}/internal/directory`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': randomUUID(),
        'x-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
      },
      body,
    });
    if (!response.ok) throw new Error(`the directory change was answered ${response.status}`);
  }

  async holdBilling(): Promise<() => Promise<void>> {
    if (!this.#owner) throw new Error('not started');
    const client = await this.#owner.connect();
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('ledger of ' || $1, 0))`, [this.tenantId]);
    return async () => {
      await client.query('COMMIT');
      client.release();
    };
  }

  providerRequests(): RecordedRequest[] {
    return this.#provider?.requests ?? [];
  }

  async killAndRestart(part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (part === 'postgres') {
      const dead = this.#postgres?.process;
      const ended = new Promise((resolve) => dead?.once('exit', resolve));
      dead?.kill(part === 'postgres' && signal === 'SIGTERM' ? 'SIGINT' : signal);
      await ended;
      await this.#startPostgres();
      await waitFor('billing after Postgres', () => isReady(this.billingUrl));
      await waitFor('proxy after Postgres', () => isReady(this.proxyUrl));
      return;
    }
    const child = this.#children.get(part);
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill(signal);
    await ended;
    await this.#startNode(part);
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#children.values(), ...this.#moreReplicas].map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
          }),
      ),
    );
    await this.#owner?.end();
    await this.#proxyDatabase?.end();
    await this.#provider?.close();
    await this.#identity?.close();
    await this.#pocketbase?.close();
    await this.#postgres?.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

/** All of it, ready. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const rig = new Machines(options);
  // Each start of Postgres listens for the end of this process.
  process.setMaxListeners(0);
  const leave = () => void rig.stop().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    await rig.start();
    return rig;
  } catch (error) {
    await rig.stop();
    throw error;
  }
}
