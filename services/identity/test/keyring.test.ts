import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Keyring, openKeyring } from '../src/signing-keys/keyring.ts';
import { ROTATE_AFTER_MS } from '../src/signing-keys/signing-key.ts';

let folder: string;
let file: string;
const opened: Keyring[] = [];
const faults: unknown[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'identity-keys-'));
  file = path.join(folder, 'keys.json');
});
afterEach(() => {
  for (const keyring of opened.splice(0)) keyring.close();
  rmSync(folder, { recursive: true });
  expect(faults.splice(0)).toEqual([]);
});

async function open(now?: () => Date): Promise<Keyring> {
  const keyring = await openKeyring({ file, onFault: (error) => faults.push(error), ...(now && { now }) });
  opened.push(keyring);
  return keyring;
}
const kidsOf = async (keyring: Keyring) => (await keyring.published()).map((key) => key.kid);
const afterRotation = () => new Date(Date.now() + ROTATE_AFTER_MS);

test('the first start makes the file, for its owner only, and the second finds it', async () => {
  const first = await open();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = await open();
  expect(await kidsOf(second)).toEqual(await kidsOf(first));
  expect((await second.current()).kid).toBe((await first.current()).kid);
  expect(readdirSync(folder)).toEqual(['keys.json']);
});

test('two instances that start at once end with the same keys', async () => {
  const keyrings = await Promise.all([open(), open(), open(), open()]);
  const kids = await Promise.all(keyrings.map(kidsOf));
  expect(new Set(kids.map(String)).size).toBe(1);
  expect(readdirSync(folder)).toEqual(['keys.json']);
});

test('two instances that find a rotation due at once rotate once, and the one that did not write follows', async () => {
  const time = vi.fn(() => new Date());
  const [one, two] = [await open(time), await open(time)];
  const [current, next] = await kidsOf(one);
  time.mockImplementation(afterRotation);
  await Promise.all([one.rotateIfDue(), two.rotateIfDue()]);
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  for (const keyring of [one, two]) {
    expect((await keyring.current()).kid).toBe(next);
    expect(await kidsOf(keyring)).toContain(current);
    // Three of each kind.
    expect(await kidsOf(keyring)).toHaveLength(6);
  }
  expect(await kidsOf(one)).toEqual(await kidsOf(two));
});

test('a start after a long pause rotates first', async () => {
  const [, next] = await kidsOf(await open());
  expect((await (await open(afterRotation)).current()).kid).toBe(next);
});

test('a lock left behind by a dead process holds nobody up for good', async () => {
  const [, next] = await kidsOf(await open());
  writeFileSync(`${file}.lock`, '');
  const { utimesSync } = await import('node:fs');
  utimesSync(`${file}.lock`, new Date(0), new Date(0));
  const keyring = await open(afterRotation);
  await keyring.rotateIfDue();
  expect((await keyring.current()).kid).toBe(next);
});

test('a file that others may read, or that holds something else, stops the start and is left alone', async () => {
  await open();
  chmodSync(file, 0o644);
  await expect(open()).rejects.toThrow(/chmod 600/);
  chmodSync(file, 0o600);
  writeFileSync(file, '{"current":"secret-looking"}');
  const refused = open();
  await expect(refused).rejects.toThrow(/holds no signing keys/);
  await expect(refused).rejects.not.toThrow(/secret-looking/);
  expect(readFileSync(file, 'utf8')).toBe('{"current":"secret-looking"}');
});

test('while it runs, a broken file is reported and signing goes on', async () => {
  const keyring = await open();
  const { kid } = await keyring.current();
  writeFileSync(file, 'broken');
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect((await keyring.current()).kid).toBe(kid);
  expect(faults.splice(0)).toHaveLength(1);
});
