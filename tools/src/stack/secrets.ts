/** Secrets and demo sign-ins of one data directory: made once, kept with mode 0600. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Fault } from './fault.ts';

const random = () => randomBytes(24).toString('base64url');
const signIn = z.object({ email: z.email(), password: z.string() });
const encryptionKey = () => `k1:${randomBytes(32).toString('base64')}`;
const secretsFile = z.object({
  internalSecret: z.string(),
  webhookSecret: z.string(),
  postgresPassword: z.string(),
  servicePassword: z.string(),
  /** Data folders of before have none. */
  providerKeyEncryptionKey: z.string().default(() => encryptionKey()),
  oidcCookieSecret: z.string().default(() => random()),
  superuser: signIn,
  platformAdmin: signIn,
  tenantAdmin: signIn,
  user: signIn,
  /** Known once the demo data is there. */
  tenantId: z.string().optional(),
  serviceToken: z.string().optional(),
  apiKey: z.string().optional(),
});
export type Secrets = z.infer<typeof secretsFile>;

const readablePassword = () => randomBytes(9).toString('base64url');
const fileIn = (dataDir: string) => path.join(dataDir, 'secrets.json');

export function loadSecrets(dataDir: string): Secrets {
  const file = fileIn(dataDir);
  if (existsSync(file)) {
    const parsed = secretsFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) {
      saveSecrets(dataDir, parsed.data);
      return parsed.data;
    }
    throw new Fault(`${file} is damaged: delete the folder ${dataDir} to start over with fresh demo data.`);
  }
  const secrets: Secrets = {
    internalSecret: random(),
    webhookSecret: random(),
    postgresPassword: random(),
    servicePassword: random(),
    providerKeyEncryptionKey: encryptionKey(),
    oidcCookieSecret: random(),
    superuser: { email: 'superuser@cloudfreedom.example', password: readablePassword() },
    platformAdmin: { email: 'platform@cloudfreedom.example', password: readablePassword() },
    tenantAdmin: { email: 'admin@demo.example', password: readablePassword() },
    user: { email: 'user@demo.example', password: readablePassword() },
  };
  saveSecrets(dataDir, secrets);
  return secrets;
}

export function saveSecrets(dataDir: string, secrets: Secrets): void {
  writePrivate(fileIn(dataDir), secrets);
}

/** JSON that only its owner may read; replaced in one step. */
export function writePrivate(file: string, content: unknown): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}
