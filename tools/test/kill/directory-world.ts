/** PocketBase and billing as processes of their own, on a real Postgres, so that either can be killed at any moment. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DirectorySnapshot, directorySnapshot } from '@cloudfreedom/contracts';
import { createPool } from '@cloudfreedom/service-kit';
import {
  createTestIdentity,
  freePort,
  type PocketBaseServer,
  startPocketBase,
  startPostgres,
} from '@cloudfreedom/testkit';
import PocketBase from 'pocketbase';
import { defaultCacheDir, ensurePocketBase } from '../../src/pocketbase-binary.ts';
import { type Child, startNode } from '../../src/stack/child.ts';
import { ROOT } from '../../src/stack/settings.ts';
import { type Line, openLine } from './cut-line.ts';

const secret = () => randomBytes(24).toString('hex');
const POCKETBASE_DIR = path.join(ROOT, 'services/pocketbase');

export interface World {
  url: string;
  signIn(): Promise<PocketBase>;
  startPocketBase(): Promise<void>;
  killPocketBase(): Promise<void>;
  startBilling(): Promise<void>;
  killBilling(): Promise<void>;
  /** From PocketBase to billing. */
  line: Line;
  /** What PocketBase says it has. */
  readSource(): Promise<DirectorySnapshot>;
  /** The living records of billing's copy, by collection and id. */
  readCopy(collection: string): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-kill-'));
  const binary = await ensurePocketBase({
    sourceDir: POCKETBASE_DIR,
    cacheDir: defaultCacheDir(),
    report: console.log,
  });
  const [postgres, identity] = await Promise.all([startPostgres(), createTestIdentity()]);
  const ownerUrl = await postgres.createDatabase('billing');
  const serviceUrl = Object.assign(new URL(ownerUrl), { username: 'billing_service', password: secret() });
  const owner = createPool(ownerUrl, { max: 2, applicationName: 'test' });
  const [pocketbasePort, billingPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${pocketbasePort}`;
  const [internalSecret, webhookSecret] = [secret(), secret()];
  const superuser = { email: 'superuser@example.test', password: secret() };
  let pocketbase: PocketBaseServer | undefined;
  let billing: Child | undefined;

  const line = await openLine(billingPort);

  const world: World = {
    url,
    line,
    signIn: async () => {
      const client = new PocketBase(url);
      client.autoCancellation(false);
      await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
      return client;
    },
    startPocketBase: async () => {
      pocketbase = await startPocketBase({
        binary,
        serviceDir: POCKETBASE_DIR,
        dataDir: path.join(folder, 'pocketbase'),
        port: pocketbasePort,
        superuser,
        env: {
          INTERNAL_SECRET: internalSecret,
          BILLING_WEBHOOK_URL: `http://127.0.0.1:${line.port}/internal/directory`,
          BILLING_WEBHOOK_SECRET: webhookSecret,
        },
      });
    },
    killPocketBase: async () => pocketbase?.kill(),
    startBilling: async () => {
      const env = {
        PORT: String(billingPort),
        LOG_LEVEL: 'warn',
        IDENTITY_ISSUER: identity.issuer,
        IDENTITY_JWKS_URL: identity.jwksUrl,
        DATABASE_URL: serviceUrl.href,
        MIGRATION_DATABASE_URL: ownerUrl,
        POCKETBASE_URL: url,
        INTERNAL_SECRET: internalSecret,
        BILLING_WEBHOOK_SECRET: webhookSecret,
        USD_EUR_RATE: '0.86',
      };
      billing = startNode('billing', 'services/billing/src/server.ts', env, path.join(folder, 'logs'));
      for (let round = 0; !(await isReady(`http://127.0.0.1:${billingPort}/health`)); round++) {
        if (round > 200) throw new Error(`billing did not start:\n${billing.lastLines().join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    killBilling: async () => {
      const ended = new Promise((resolve) => billing?.process.once('exit', resolve));
      billing?.process.kill('SIGKILL');
      await ended;
    },
    readSource: async () => {
      const headers = { authorization: `Bearer ${internalSecret}` };
      return directorySnapshot.parse(
        await (await fetch(`${url}/api/internal/directory-pages?limit=5000`, { headers })).json(),
      );
    },
    readCopy: async (collection) => {
      const { rows } = await owner.query<{ id: string; record: unknown }>(
        `SELECT id, record FROM directory_${collection} WHERE NOT deleted`,
      );
      return Object.fromEntries(rows.map(({ id, record }) => [id, record]));
    },
    stop: async () => {
      line.close();
      await billing?.stop();
      await pocketbase?.kill();
      await Promise.all([owner.end(), identity.close()]);
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
