/** With a stand-in for `go` on the PATH: what is built when, and what is said when it can't be. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensurePocketBase } from '../src/pocketbase-binary.ts';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-binary-'));
  lines = [];
  mkdirSync(path.join(folder, 'source'));
  mkdirSync(path.join(folder, 'bin'));
  writeSource('go.mod', 'module x\n\ngo 1.25.0\n\nrequire github.com/pocketbase/pocketbase v9.8.7\n');
  writeSource('main.go', 'package main\n');
  writeSource('go.sum', '');
  vi.stubEnv('POCKETBASE_BIN', '');
  vi.stubEnv('PATH', `${path.join(folder, 'bin')}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const writeSource = (name: string, text: string) => writeFileSync(path.join(folder, 'source', name), text);
const cacheDir = () => path.join(folder, 'cache', 'deep');
const ensure = () =>
  ensurePocketBase({
    sourceDir: path.join(folder, 'source'),
    cacheDir: cacheDir(),
    report: (line) => lines.push(line),
  });

/** Called as `go build … -o TARGET .`: TARGET is the last but one argument. */
function standInForGo(script: string): void {
  const file = path.join(folder, 'bin', 'go');
  const target = 'for argument; do target=$previous; previous=$argument; done';
  writeFileSync(file, `#!/bin/sh\n${target}\necho run >> "${folder}/runs"\n${script}\n`);
  chmodSync(file, 0o755);
}
const BUILD = 'printf "#!/bin/sh\\n" > "$target"; chmod +x "$target"';

test('builds once, again when a source changes, and says which version', async () => {
  standInForGo(BUILD);
  const first = await ensure();
  expect(existsSync(first)).toBe(true);
  expect(lines[0]).toBe('Building PocketBase 9.8.7 (once, about a minute) …');
  standInForGo('exit 1');
  expect(await ensure()).toBe(first);
  standInForGo(BUILD);
  writeSource('main.go', 'package main // changed\n');
  expect(await ensure()).not.toBe(first);
});

test('two builds at the same time both get a whole executable and leave nothing else', async () => {
  standInForGo(`sleep 0.3; ${BUILD}`);
  const [one, other] = await Promise.all([ensure(), ensure()]);
  expect(one).toBe(other);
  expect(readdirSync(cacheDir())).toEqual([path.basename(one)]);
});

test.each([
  ['go: github.com/x/y@v1 requires go >= 1.27 (running go 1.20; GOTOOLCHAIN=local)', 'install Go 1.25 or newer'],
  ['dial tcp: lookup proxy on 10.0.0.1:53: no such host', 'needs the network the first time'],
  ['link: write: no space left on device', 'the disk is full'],
  ['main.go:3: syntax error', 'main.go:3: syntax error'],
])('a failed build (%s) is explained and leaves nothing behind', async (output, explanation) => {
  standInForGo(`echo half > "$target"; echo "${output}" >&2; exit 1`);
  await expect(ensure()).rejects.toThrow(explanation);
  expect(readdirSync(cacheDir())).toEqual([]);
});

test('without Go, one sentence says what to install', async () => {
  vi.stubEnv('PATH', path.join(folder, 'bin'));
  await expect(ensure()).rejects.toThrow(/not installed here: install Go 1\.25 or newer .*or set POCKETBASE_BIN/);
});

test('POCKETBASE_BIN wins, if it can be run', async () => {
  const own = path.join(folder, 'own');
  vi.stubEnv('POCKETBASE_BIN', own);
  await expect(ensure()).rejects.toThrow(`POCKETBASE_BIN is not an executable file: ${own}`);
  writeFileSync(own, '');
  await expect(ensure()).rejects.toThrow('POCKETBASE_BIN');
  chmodSync(own, 0o755);
  expect(await ensure()).toBe(own);
});
