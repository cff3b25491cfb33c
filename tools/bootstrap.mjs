#!/usr/bin/env node
// The only file that runs on the Node the user has (20 or newer): installs the workspace when the lockfile or a
// manifest changed (pnpm through npx, Node 24 as an npm package), then hands over to a TypeScript entry on Node 24.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const ENTRIES = {
  start: 'tools/src/start.ts',
  test: 'tools/src/test.ts',
  bench: 'tools/bench/gateway.ts',
  'bench:ledger': 'services/billing/bench/ledger.ts',
  'bench:usage': 'services/billing/bench/usage.ts',
  'bench:portal': 'tools/bench/portal.ts',
  'bench:chat': 'tools/bench/chat.ts',
  soak: 'tools/soak/run-mixed.ts',
  'soak:budget': 'tools/soak/budget.ts',
  'soak:kill': 'tools/soak/kill-parts.ts',
  fuzz: 'tools/fuzz/run.ts',
  faults: 'tools/faults/run.ts',
  models: 'tools/src/models.ts',
  tenant: 'tools/src/tenant.ts',
  backup: 'tools/src/backup.ts',
  restore: 'tools/src/restore.ts',
  'try:docker': 'tools/src/try-docker.ts',
  screenshots: 'tools/screenshots/take.ts',
  'try:open-webui': 'tools/open-webui/try.ts',
  prices: 'services/billing/src/pricing/update-prices.ts',
};
const PROGRESS_EVERY_MS = 5_000;
const PARENT_CHECK_MS = 500;
const startedAt = Date.now();
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = path.join(root, 'node_modules', '.cloudfreedom-installed');
const nodeBinary = path.join(root, 'node_modules', 'node', 'bin', 'node');

/** What npm and pnpm say -> what to do about it. The first that fits wins. */
const INSTALL_FAULTS = [
  [/ENOSPC/, 'The disk is full: free some space (about 1.5 GB is needed) and run the command again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_PNPM_META_FETCH_FAIL|network/i,
    'The package registry is not reachable: check the network (and a proxy, if you have one) and run the command again.',
  ],
  [
    /ERR_PNPM_OUTDATED_LOCKFILE/,
    `pnpm-lock.yaml does not fit a package.json: run "npx ${PNPM} install" and commit the lockfile.`,
  ],
  [
    /EACCES|EPERM/,
    'A file or folder of the clone may not be written: check who owns it (do not mix runs with and without sudo).',
  ],
];

function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

function manifestFiles() {
  const packages = ['services', 'apps', 'packages'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/package.json`),
  );
  return ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'tools/package.json', ...packages.sort()];
}

function manifestHash() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of manifestFiles()) {
    const full = path.join(root, file);
    if (existsSync(full)) hash.update(file).update(readFileSync(full));
  }
  return hash.digest('hex');
}

function isInstalled(hash) {
  return existsSync(nodeBinary) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash;
}

/** Runs quietly; its output is shown only when it fails. */
function install() {
  return new Promise((resolve) => {
    process.stdout.write('Installing packages and Node 24 (the first time takes about half a minute) …\n');
    const child = spawn('npx', ['-y', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true' },
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setInterval(() => {
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      process.stdout.write(`  … ${Math.round((Date.now() - startedAt) / 1000)} s ${last.slice(0, 100)}\n`);
    }, PROGRESS_EVERY_MS);
    child.on('error', (error) => {
      clearInterval(timer);
      fail(`npx could not be run (${error.code}): install Node 20 or newer with npm.`);
    });
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) return resolve();
      const fault = INSTALL_FAULTS.find(([pattern]) => pattern.test(output));
      fail(
        `${output.trimEnd().split('\n').slice(-20).join('\n')}\n\n${fault?.[1] ?? 'Installing failed; the lines above say why.'}`,
      );
    });
  });
}

function handOver(entry, rest) {
  const child = spawn(nodeBinary, ['--disable-warning=ExperimentalWarning', path.join(root, entry), ...rest], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
      CLOUDFREEDOM_STARTED_AT: String(startedAt),
    },
  });
  // A Ctrl-C in the terminal reaches the child by itself too; it takes the second of the two as the same wish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  // npm hands a signal to the shell between us, which may end without handing it on: its end is our signal.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, PARENT_CHECK_MS).unref();
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

const [command, ...rest] = process.argv.slice(2);
const entry = ENTRIES[command];
if (!entry) fail(`Use: node tools/bootstrap.mjs <${Object.keys(ENTRIES).join('|')}>`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node ${process.versions.node} is too old: install Node 20 or newer.`);
const hash = manifestHash();
if (!isInstalled(hash)) {
  await install();
  writeFileSync(stampFile, hash);
}
handOver(entry, rest);
