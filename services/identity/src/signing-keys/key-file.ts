/**
 * The file with the signing keys, readable by its owner only. It is always replaced whole, and changed under a lock, so
 * that several instances can share it: whoever finds a rotation due writes it, the others read it again.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '@cloudfreedom/service-kit';
import { type SigningKeys, signingKeys } from './signing-key.ts';

const MODE = 0o600;
/** A lock older than this was left behind by a process that died. */
const LOCK_STALE_MS = 60_000;

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/**
 * @returns null where there is no file
 * @throws ConfigError when others may read it or it holds no keys; it never names what is in it
 */
export async function readKeyFile(file: string): Promise<SigningKeys | null> {
  let text: string;
  try {
    const { mode } = await stat(file);
    if (mode & 0o077)
      throw new ConfigError(`SIGNING_KEYS_FILE ${file}: others may read or write it. Run: chmod 600 ${file}`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`SIGNING_KEYS_FILE ${file} can't be read: ${codeOf(error)}`);
  }
  try {
    return signingKeys.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(
      `SIGNING_KEYS_FILE ${file} holds no signing keys. Restore it, or delete it to have new ones made (tokens of the old ones end then).`,
    );
  }
}

/** When the file was last replaced, in ms; null where there is none. */
export async function keyFileVersion(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs, ino }) => mtimeMs + ino,
    () => null,
  );
}

async function writeBeside(file: string, keys: SigningKeys): Promise<string> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await open(temporary, 'wx', MODE);
  try {
    await handle.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

/** Makes the file with these keys, unless another instance was faster. @returns what is in it then */
export async function createKeyFile(file: string, keys: SigningKeys): Promise<SigningKeys> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = await writeBeside(file, keys);
  try {
    await link(temporary, file);
    return keys;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await readKeyFile(file)) ?? keys;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @returns false when another instance holds the lock */
async function takeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', MODE)).close();
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const taken = await stat(lock).catch(() => null);
    if (taken && Date.now() - taken.mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
    return false;
  }
}

/**
 * Reads, changes and replaces the file, alone. When another instance is at it nothing happens: it is doing the same.
 * @param change gives back the object it got when there is nothing to write
 */
export async function changeKeyFile(file: string, change: (keys: SigningKeys) => SigningKeys): Promise<void> {
  const lock = `${file}.lock`;
  if (!(await takeLock(lock))) return;
  try {
    const keys = await readKeyFile(file);
    if (keys === null) return;
    const changed = change(keys);
    if (changed !== keys) await rename(await writeBeside(file, changed), file);
  } finally {
    await rm(lock, { force: true });
  }
}
