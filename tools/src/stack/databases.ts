/** Postgres for the stack: the embedded one in the data directory, or the server that DATABASE_URL names. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createDatabase, isReachableForPostgres, startPostgres } from '@cloudfreedom/testkit';
import { type Child, OutputKeeper } from './child.ts';
import { Fault } from './fault.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

export interface Databases {
  /** null with a Postgres of one's own. */
  child: Child | null;
  /** Connection string of the owner for billing's database; migrations run with it. */
  billingOwner: string;
  /** Connection string of billing's own role, which can't change what is posted. */
  billing: string;
  /** Identity's: sessions and clients of the OpenID provider. */
  identity: string;
  /** The demo tenant's own database. */
  tenant: string;
}

export const BILLING_DATABASE = 'cloudfreedom_billing';
const IDENTITY_DATABASE = 'cloudfreedom_identity';
const TENANT_DATABASE = 'cloudfreedom_tenant_demo';
/** What one Postgres of a data directory holds. */
export const DATABASES = [BILLING_DATABASE, IDENTITY_DATABASE, TENANT_DATABASE];

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

function withRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.toString();
}

/**
 * As root the folder may be closed to the user that Postgres has to run as; then its data lies in /var/tmp, under a
 * name made from the folder's. New secrets mean that the folder was deleted to start over: so is the data.
 */
export function postgresFolder(dataDir: string, startsOver: boolean, report: (line: string) => void): string {
  if (isReachableForPostgres(dataDir)) return path.join(dataDir, 'postgres');
  const folder = folderBesides(dataDir);
  if (startsOver) rmSync(folder, { recursive: true, force: true });
  report(`Postgres can't run as root and ${dataDir} is closed to others: its data lies in ${folder}`);
  return folder;
}

export function folderBesides(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `cloudfreedom-${name}`);
}

export async function openDatabases(
  settings: Settings,
  secrets: Secrets,
  port: number,
  report: (line: string) => void,
): Promise<Databases> {
  if (settings.DATABASE_URL) {
    for (const name of DATABASES) await createDatabase(settings.DATABASE_URL, name);
    return databaseUrls(settings.DATABASE_URL, secrets, null);
  }
  const output = new OutputKeeper(path.join(settings.dataDir, 'logs'), 'postgres');
  const server = await startPostgres({
    dataDir: postgresFolder(settings.dataDir, !secrets.tenantId, report),
    port,
    password: secrets.postgresPassword,
  }).catch((error: Error) => {
    throw /No space left/.test(error.message) ? new Fault('The disk is full: free some space and start again.') : error;
  });
  server.process.stderr?.on('data', (chunk: Buffer) => output.take(chunk.toString()));
  for (const name of DATABASES) await server.createDatabase(name);
  return databaseUrls(server.url('postgres'), secrets, {
    name: 'postgres',
    pid: server.pid,
    process: server.process,
    lastLines: () => output.lines(),
    stop: () => server.stop(),
  });
}

function databaseUrls(serverUrl: string, secrets: Secrets, child: Child | null): Databases {
  const billingOwner = withDatabase(serverUrl, BILLING_DATABASE);
  return {
    child,
    billingOwner,
    billing: withRole(billingOwner, 'billing_service', secrets.servicePassword),
    identity: withDatabase(serverUrl, IDENTITY_DATABASE),
    tenant: withDatabase(serverUrl, TENANT_DATABASE),
  };
}
