import path from 'node:path';
import { ROOT } from '../stack/settings.ts';
import { run } from './command.ts';
import type { Account } from './flow.ts';

/** A command of this repository, as somebody types it; it finds the trial's names and trusts its certificates. */
export function typed(
  entry: string,
  args: string[],
  admin: Account,
  folder: string,
  more: Record<string, string> = {},
): Promise<string> {
  const names = path.join(ROOT, 'tools/src/docker/names.ts');
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_EXTRA_CA_CERTS: path.join(folder, 'certificates/ca.pem'),
    PLATFORM_ADMIN_EMAIL: admin.email,
    PLATFORM_ADMIN_PASSWORD: admin.password,
    TENANTS_DIR: path.join(folder, 'tenants'),
    ...more,
  };
  return run(process.execPath, ['--import', names, path.join(ROOT, entry), ...args], { cwd: ROOT, env });
}
