/** The PocketBase executable: built from services/pocketbase with Go once per version, then taken from a cache. */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface PocketBaseBinaryOptions {
  /** Folder with the Go files, go.mod and go.sum. */
  sourceDir: string;
  /** Where built executables are kept. */
  cacheDir: string;
  /** An executable to use instead; POCKETBASE_BIN in the environment where it is not given. */
  override?: string | undefined;
  /** Takes a line of progress now and then. */
  report: (line: string) => void;
}

const PROGRESS_MS = 10_000;
const OWN_BINARY = 'set POCKETBASE_BIN to the path of a PocketBase executable of that version';

/** The user's cache folder, part `cloudfreedom`: ~/Library/Caches on macOS, $XDG_CACHE_HOME or ~/.cache elsewhere. */
export function defaultCacheDir(): string {
  const cache =
    process.platform === 'darwin'
      ? path.join(homedir(), 'Library', 'Caches')
      : process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(cache, 'cloudfreedom');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What go.mod asks for: PocketBase's version and the oldest Go that builds it. */
function readVersions(sourceDir: string): { pocketbase: string; go: string } {
  const goMod = readFileSync(path.join(sourceDir, 'go.mod'), 'utf8');
  return {
    pocketbase: /github\.com\/pocketbase\/pocketbase v(\S+)/.exec(goMod)?.[1] ?? 'of unknown version',
    go: /^go (\d+\.\d+)/m.exec(goMod)?.[1] ?? '',
  };
}

/** Whatever changes the executable. */
function sourcesIn(sourceDir: string): string[] {
  return readdirSync(sourceDir)
    .filter((name) => name.endsWith('.go') || name === 'go.mod' || name === 'go.sum')
    .sort();
}

function cachedPath(sourceDir: string, cacheDir: string): string {
  const hash = createHash('sha256');
  for (const name of sourcesIn(sourceDir))
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(path.join(sourceDir, name)));
  const version = hash.digest('hex').slice(0, 16);
  return path.join(cacheDir, `pocketbase-${process.platform}-${process.arch}-${version}`);
}

interface Ending {
  /** null: there is no Go to run */
  code: number | null;
  output: string;
}

function runGoBuild(sourceDir: string, target: string): Promise<Ending> {
  return new Promise((resolve) => {
    const build = spawn('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', target, '.'], {
      cwd: sourceDir,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [build.stdout, build.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-8_000);
      });
    build.once('error', (error) => resolve({ code: null, output: error.message }));
    build.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** One sentence that says what is wrong and how to mend it; the compiler's own words only where none fits. */
function explainFailure(output: string, versions: { pocketbase: string; go: string }): string {
  const what = `PocketBase ${versions.pocketbase} could not be built`;
  if (/requires go >=|toolchain not available|download go\d/.test(output))
    return `${what}: this Go is too old; install Go ${versions.go} or newer, or ${OWN_BINARY}.`;
  if (/no space left on device/i.test(output))
    return `${what}: the disk is full; free about 1 GB (Go keeps its downloads and build results in your home folder).`;
  if (/dial tcp|no such host|i\/o timeout|connection refused|proxyconnect|module lookup disabled/i.test(output))
    return `${what}: Go could not download its modules, which needs the network the first time; connect or set GOPROXY, or ${OWN_BINARY}.`;
  return `${what}:\n${output.trim().split('\n').slice(-12).join('\n')}`;
}

/**
 * Path of an executable PocketBase. POCKETBASE_BIN in the environment wins; else the cache; else it is built, which
 * takes a minute or two and, the first time, the network.
 * @throws Error whose message says what to do: no Go, Go too old, no network, disk full, POCKETBASE_BIN not executable
 */
export async function ensurePocketBase(options: PocketBaseBinaryOptions): Promise<string> {
  const override = options.override ?? process.env.POCKETBASE_BIN;
  if (override) {
    const binary = path.resolve(override);
    if (!isExecutable(binary)) throw new Error(`POCKETBASE_BIN is not an executable file: ${binary}`);
    return binary;
  }
  const binary = cachedPath(options.sourceDir, options.cacheDir);
  if (isExecutable(binary)) return binary;
  const versions = readVersions(options.sourceDir);
  const startedAt = Date.now();
  options.report(`Building PocketBase ${versions.pocketbase} (once, about a minute) …`);
  const progress = setInterval(
    () => options.report(`  still building PocketBase (${Math.round((Date.now() - startedAt) / 1000)} s) …`),
    PROGRESS_MS,
  );
  mkdirSync(options.cacheDir, { recursive: true });
  // Under a name of its own until it is whole: another build at the same time just puts the same file in its place.
  const unfinished = `${binary}.${randomUUID()}`;
  try {
    const ending = await runGoBuild(options.sourceDir, unfinished);
    if (ending.code === null)
      throw new Error(
        `PocketBase ${versions.pocketbase} is built with Go, which is not installed here: install Go ${versions.go} or newer (https://go.dev/dl/), or ${OWN_BINARY}.`,
      );
    if (ending.code !== 0) throw new Error(explainFailure(ending.output, versions));
    renameSync(unfinished, binary);
  } finally {
    clearInterval(progress);
    rmSync(unfinished, { force: true });
  }
  options.report(`Built PocketBase ${versions.pocketbase} in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return binary;
}
