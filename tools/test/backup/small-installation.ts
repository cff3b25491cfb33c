/** An installation as `npm start` and `npm run tenant` leave it, as small as it can be: its databases run, nothing else. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLogger, migrate } from '@cloudfreedom/service-kit';
import { type PocketBaseServer, type Postgres, startPocketBase, startPostgres } from '@cloudfreedom/testkit';
import pg from 'pg';
import PocketBase from 'pocketbase';
import { defaultCacheDir, ensurePocketBase } from '../../src/pocketbase-binary.ts';
import { BILLING_DATABASE, DATABASES } from '../../src/stack/databases.ts';
import { loadSecrets, type Secrets } from '../../src/stack/secrets.ts';
import { ROOT } from '../../src/stack/settings.ts';
import { BundleFolder, readTemplate } from '../../src/tenant/bundle-folder.ts';

const SERVICE_DIR = path.join(ROOT, 'services/pocketbase');
const INTERNAL_SECRET = 'internal';

export interface SmallInstallation {
  dataDir: string;
  tenant: BundleFolder;
  billing: pg.Client;
  people: PocketBase;
  tenantId: string;
  newPerson(): Promise<string>;
  /** A row of PocketBase's read model. @returns its reservation */
  showUsage(subject: string, at: Date): Promise<string>;
  stop(): Promise<void>;
}

export const startOf = async (dataDir: string, secrets: Secrets): Promise<PocketBaseServer> =>
  startPocketBase({
    binary: await ensurePocketBase({ sourceDir: SERVICE_DIR, cacheDir: defaultCacheDir(), report: () => {} }),
    serviceDir: SERVICE_DIR,
    dataDir: path.join(dataDir, 'pocketbase'),
    superuser: secrets.superuser,
    env: { INTERNAL_SECRET },
  });

export async function signIn(server: PocketBaseServer): Promise<PocketBase> {
  const client = new PocketBase(server.url);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword(server.superuser.email, server.superuser.password);
  return client;
}

async function startCore(dataDir: string, secrets: Secrets): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), password: secrets.postgresPassword });
  for (const name of DATABASES) await postgres.createDatabase(name);
  const migrations = path.join(ROOT, 'services/billing/migrations');
  await migrate(postgres.url(BILLING_DATABASE), migrations, createLogger('test', 'silent'));
  return postgres;
}

/** A bundle, and a database with a thousand chats; it stands still. */
async function makeTenant(parent: string): Promise<BundleFolder> {
  const folder = new BundleFolder('acme', parent);
  folder.make();
  folder.completeSecrets(false);
  const core = 'https://api.core.test';
  folder.write(readTemplate(), {
    templateVersion: 'v',
    tenant: { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'dev', domain: 'acme.test' },
    webui: false,
    core: { pocketbase: core, identity: core, billing: core, portal: core, imprint: null, privacy: null },
    serviceTokenId: randomUUID(),
  });
  chmodSync(folder.path, 0o755);
  mkdirSync(folder.file('data'), { mode: 0o755 });
  const dataDir = path.join(folder.file('data'), 'postgres');
  const server = await startPostgres({ dataDir, password: folder.secrets().POSTGRES_PASSWORD ?? '' });
  const client = new pg.Client({ connectionString: await server.createDatabase('tenant') });
  await client.connect();
  await client.query('CREATE TABLE chats AS SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 1000) n');
  await client.end();
  await server.stop();
  return folder;
}

const usageRow = (reservationId: string, tenantId: string, subjectId: string, at: Date) => ({
  ...{ reservationId, requestId: randomUUID(), at: at.toISOString(), tenantId, subjectId, apiKeyId: null },
  ...{ model: 'm', provider: 'openai', upstreamModel: 'm', deployment: null, region: null, simulated: true },
  ...{ usage: { basis: 'exact', meters: { output_text: 1 } }, charge: '0.01', outcome: 'completed' },
  ...{ streamed: false, finishReason: 'stop', firstByteMs: 1, totalMs: 1 },
});

export async function startInstallation(home: string): Promise<SmallInstallation> {
  const dataDir = path.join(home, 'installed');
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o755);
  const secrets = loadSecrets(dataDir);
  writeFileSync(path.join(dataDir, 'identity-keys.json'), '{"keys":[]}', { mode: 0o600 });
  const parent = path.join(home, 'tenants');
  mkdirSync(parent);
  const [postgres, pocketbase, tenant] = await Promise.all([
    startCore(dataDir, secrets),
    startOf(dataDir, secrets),
    makeTenant(parent),
  ]);
  const billing = new pg.Client({ connectionString: postgres.url(BILLING_DATABASE) });
  await billing.connect();
  const people = await signIn(pocketbase);
  const product = (await people.collection('products').create({ name: 'Small', monthly_budget_eur: '1' })).id;
  const tenantId = (await people.collection('tenants').create({ name: 'Acme', slug: 'acme', type: 'dev' })).id;
  return {
    ...{ dataDir, tenant, billing, people, tenantId },
    newPerson: async () => {
      const password = randomUUID();
      const email = `${password}@example.test`;
      const person = { email, password, passwordConfirm: password, tenant: tenantId, product };
      return (await people.collection('users').create(person)).id;
    },
    showUsage: async (subject, at) => {
      const reservationId = randomUUID();
      const response = await fetch(`${pocketbase.url}/api/internal/usage-logs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${INTERNAL_SECRET}`, 'content-type': 'application/json' },
        body: JSON.stringify({ rows: [usageRow(reservationId, tenantId, subject, at)] }),
      });
      if (!response.ok) throw new Error(await response.text());
      return reservationId;
    },
    stop: async () => {
      await billing.end();
      await Promise.all([postgres.stop(), pocketbase.stop()]);
    },
  };
}
