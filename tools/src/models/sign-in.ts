/** Which PocketBase, and as whom: by the environment, else the demo that runs on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type StackFile, stackFile } from '@cloudfreedom/contracts';
import PocketBase, { ClientResponseError } from 'pocketbase';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';

const VARIABLES = {
  superuser: ['POCKETBASE_SUPERUSER_EMAIL', 'POCKETBASE_SUPERUSER_PASSWORD'],
  platformAdmin: ['PLATFORM_ADMIN_EMAIL', 'PLATFORM_ADMIN_PASSWORD'],
} as const;
const HOW = `set ${VARIABLES.platformAdmin.join(' and ')}, or ${VARIABLES.superuser.join(' and ')}`;

interface Access {
  collection: '_superusers' | 'users';
  email: string;
  password: string;
}

function accessOf(environment: NodeJS.ProcessEnv): Access | null {
  for (const [who, [emailName, passwordName]] of Object.entries(VARIABLES)) {
    const [email, password] = [environment[emailName], environment[passwordName]];
    if (email && password) return { collection: who === 'superuser' ? '_superusers' : 'users', email, password };
    if (email || password) throw new Fault(`${email ? passwordName : emailName} is missing: ${HOW}.`);
  }
  return null;
}

/** What the launcher brought up on this machine; null where nothing runs. @throws Fault */
export function runningDemo(environment: NodeJS.ProcessEnv): StackFile | null {
  const file = path.join(path.resolve(ROOT, environment.DATA_DIR || '.data'), 'stack.json');
  if (!existsSync(file)) return null;
  const parsed = stackFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Fault(`${file} is damaged: start the suite again.`);
  return parsed.data;
}

/**
 * The demo's own credentials go to the demo alone.
 * @param url undefined: the demo's
 * @throws Fault that names what is missing
 */
function find(url: string | undefined, environment: NodeJS.ProcessEnv): { url: string; access: Access } {
  const given = accessOf(environment);
  if (url !== undefined && !/^https?:\/\/[^\s@]+$/.test(url))
    throw new Fault('--url must be the http(s) address of PocketBase, without user and password.');
  if (url !== undefined && given) return { url, access: given };
  const demo = runningDemo(environment);
  const demoUrl = demo?.urls.pocketbase;
  if (url === undefined && !demoUrl)
    throw new Fault(
      'No demo runs here (DATA_DIR/stack.json is missing): run npm start, or name a PocketBase by --url.',
    );
  const target = url ?? demoUrl ?? '';
  if (given) return { url: target, access: given };
  if (!demo || target.replace(/\/+$/, '') !== demoUrl)
    throw new Fault(`Signing in at ${target} needs a platform admin or a superuser: ${HOW}.`);
  return { url: target, access: { collection: '_superusers', ...demo.demo.superuser } };
}

/** @throws Fault */
export async function signIn(url: string | undefined, environment: NodeJS.ProcessEnv): Promise<PocketBase> {
  const { url: address, access } = find(url, environment);
  const client = new PocketBase(address);
  client.autoCancellation(false);
  try {
    const { record } = await client.collection(access.collection).authWithPassword(access.email, access.password);
    if (access.collection === 'users' && record.role !== 'platform_admin')
      throw new Fault(`${access.email} is no platform admin, and nobody else may do this.`);
  } catch (error) {
    if (!(error instanceof ClientResponseError)) throw error;
    if (error.status === 0) throw new Fault(`PocketBase does not answer at ${address}: check that it runs there.`);
    if (error.status === 401 && 'mfaId' in error.response)
      throw new Fault(`${access.email} signs in with a second factor: set ${VARIABLES.superuser.join(' and ')}.`);
    const [emailName, passwordName] = VARIABLES[access.collection === 'users' ? 'platformAdmin' : 'superuser'];
    throw new Fault(
      `PocketBase at ${address} refused ${access.email}: ${error.response.message ?? error.status} Check ${emailName} and ${passwordName}.`,
    );
  }
  return client;
}
