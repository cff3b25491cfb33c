/** A folder as one encrypted file: tar, gzip, age. `age -d … | tar -xz` opens it too, without this program. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';

const PASSPHRASE_MIN = 16;
const passphrase = z.string().min(PASSPHRASE_MIN, `must have at least ${PASSPHRASE_MIN} characters`);
const sealKeys = z.object({
  BACKUP_RECIPIENT: z
    .string()
    .regex(/^age1[0-9a-z]+$/, 'must be a public key of age (age1…)')
    .optional(),
  BACKUP_PASSPHRASE: passphrase.optional(),
});
const openKeys = z.object({
  BACKUP_IDENTITY: z
    .string()
    .regex(/^AGE-SECRET-KEY-/, 'must be a secret key of age (AGE-SECRET-KEY-1…)')
    .optional(),
  BACKUP_PASSPHRASE: passphrase.optional(),
});

function readKeys<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv, missing: string): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new Fault(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'));
  if (Object.keys(parsed.data as object).length > 0) return parsed.data;
  throw new Fault(missing);
}

/** What a backup is encrypted with. @throws Fault that names the variable */
export function readSeal(environment: NodeJS.ProcessEnv): Encrypter {
  const keys = readKeys(
    sealKeys,
    environment,
    `A backup holds secrets: set BACKUP_RECIPIENT (a public key of age) or BACKUP_PASSPHRASE (at least ${PASSPHRASE_MIN} characters).`,
  );
  const encrypter = new Encrypter();
  try {
    if (keys.BACKUP_RECIPIENT) encrypter.addRecipient(keys.BACKUP_RECIPIENT);
    else encrypter.setPassphrase(keys.BACKUP_PASSPHRASE ?? '');
  } catch {
    throw new Fault('BACKUP_RECIPIENT is no public key of age: compare it with what age-keygen said.');
  }
  return encrypter;
}

/** What a backup is opened with. @throws Fault that names the variable */
export function readOpener(environment: NodeJS.ProcessEnv): Decrypter {
  const keys = readKeys(
    openKeys,
    environment,
    'Set BACKUP_IDENTITY (the secret key of age that belongs to BACKUP_RECIPIENT) or BACKUP_PASSPHRASE.',
  );
  const decrypter = new Decrypter();
  try {
    if (keys.BACKUP_IDENTITY) decrypter.addIdentity(keys.BACKUP_IDENTITY);
    if (keys.BACKUP_PASSPHRASE) decrypter.addPassphrase(keys.BACKUP_PASSPHRASE);
  } catch {
    throw new Fault('BACKUP_IDENTITY is no secret key of age: compare it with what age-keygen said.');
  }
  return decrypter;
}

/** What to do where a copy doesn't fit. */
export const ROOM = 'free some space, or set TMPDIR to a folder with more.';

function startTar(words: string[], input: 'ignore' | 'pipe') {
  const child = spawn('tar', words, { stdio: [input, 'pipe', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Fault('tar is not installed here: install it.')));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Fault(`tar ended with ${code}: ${said.trim()}`)),
    );
  });
  ended.catch(() => {});
  return { child, ended };
}

/** Written beside it and moved over: a file of this name is whole. @throws Fault */
export async function sealFolder(folder: string, file: string, encrypter: Encrypter): Promise<void> {
  const temporary = `${file}.part`;
  const { child, ended } = startTar(['-cz', '-C', folder, '.'], 'ignore');
  try {
    const sealed = await encrypter.encrypt(Readable.toWeb(child.stdout as Readable) as ReadableStream<Uint8Array>);
    await pipeline(Readable.fromWeb(sealed as WebStream), createWriteStream(temporary, { mode: 0o600 }));
    await ended;
    renameSync(temporary, file);
  } catch (error) {
    child.kill();
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** @throws Fault where the key doesn't fit, or a byte of the file was changed or is missing */
export async function openArchive(file: string, folder: string, decrypter: Decrypter): Promise<void> {
  let opened: ReadableStream<Uint8Array>;
  const source = createReadStream(file);
  try {
    opened = await decrypter.decrypt(Readable.toWeb(source) as ReadableStream<Uint8Array>);
  } catch {
    source.destroy();
    throw new Fault(
      `${file} can't be opened: it is no backup, or BACKUP_IDENTITY or BACKUP_PASSPHRASE is another one.`,
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { child, ended } = startTar(['-xz', '--no-same-owner', '-C', folder], 'pipe');
  child.stdin?.on('error', () => {});
  try {
    await pipeline(Readable.fromWeb(opened as WebStream), child.stdin as NodeJS.WritableStream);
    await ended;
  } catch (error) {
    // Whoever ended first took the other along: a tar without room says so itself.
    const said = await ended.then(
      () => '',
      (reason: Error) => reason.message,
    );
    if (/no space left/i.test(said)) throw new Fault(`There is no room for it in ${folder}: ${ROOM}`);
    if (error instanceof Fault) throw error;
    throw new Fault(`${file} is damaged: a part of it is missing or was changed. Take another backup.`);
  }
}
