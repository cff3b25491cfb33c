/** The whole suite as `npm start` brings it up, each part behind a line of its own, with a disk that can be filled. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StackFile } from '@cloudfreedom/contracts';
import { freePort } from '@cloudfreedom/testkit';
import { loadSecrets } from '../src/stack/secrets.ts';
import { readSettings } from '../src/stack/settings.ts';
import { StackRunner } from '../src/stack/stack.ts';
import { freePortBase } from '../test/stack/running-stack.ts';
import { Part } from './part.ts';

export const PARTS = [
  'proxy',
  'billing',
  'postgres',
  'redis',
  'pocketbase',
  'identity',
  'conversations',
  'provider',
] as const;
export type PartName = (typeof PARTS)[number];
/** Whose disk can be filled. */
export type WithDisk = 'postgres' | 'pocketbase';

const DISK_MEGABYTES = 400;
/** Offsets of `npm start`'s ports. */
const POSTGRES_OFFSET = 8;
const SIMULATOR_OFFSET = 7;

export interface Suite {
  file: StackFile;
  parts: Record<PartName, Part>;
  databaseUrl(database: string): string;
  fillDisk(of: WithDisk): void;
  freeDisk(of: WithDisk): void;
  stop(): Promise<void>;
}

function mountDisks(dataDir: string): void {
  for (const name of ['postgres', 'pocketbase'] satisfies WithDisk[]) {
    mkdirSync(path.join(dataDir, name));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m,mode=755`, 'tmpfs', path.join(dataDir, name)]);
  }
}

/** `npm start`'s own order and seeds; then every part is started again behind its line. */
export async function startSuite(report: (line: string) => void): Promise<Suite> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-faults-'));
  chmodSync(dataDir, 0o755);
  mountDisks(dataDir);
  const redisPort = await freePort();
  const redis = await Part.redis(redisPort, 'faults');
  const base = await freePortBase();
  const settings = readSettings({
    ...process.env,
    ...{ DATA_DIR: dataDir, PORT_BASE: String(base), HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    ...{ DATABASE_URL: '', OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '', GEMINI_API_KEY: '' },
    REDIS_URL: `redis://:faults@127.0.0.1:${redisPort}`,
  });
  const runner = new StackRunner(settings, report, () => {});
  const { file } = await runner.start(Date.now());
  const portOf = (url: string) => Number(new URL(url).port);
  const pidOf = (name: string) => file.pids[name] ?? 0;
  const places: Record<Exclude<PartName, 'redis'>, [pid: number, port: number]> = {
    postgres: [pidOf('postgres'), base + POSTGRES_OFFSET],
    pocketbase: [pidOf('pocketbase'), portOf(file.urls.pocketbase)],
    identity: [pidOf('identity'), portOf(file.urls.identity)],
    billing: [pidOf('billing'), portOf(file.urls.billing)],
    provider: [pidOf('simulator'), base + SIMULATOR_OFFSET],
    conversations: [pidOf('conversations'), portOf(file.urls.conversations)],
    proxy: [pidOf('proxy'), portOf(file.urls.proxy)],
  };
  const parts = { redis } as Record<PartName, Part>;
  for (const [name, [pid, port]] of Object.entries(places))
    parts[name as PartName] = await Part.behindLine(name, pid, port);
  const password = encodeURIComponent(loadSecrets(dataDir).postgresPassword);
  const ballast = (of: WithDisk) => path.join(dataDir, of, 'ballast');
  return {
    file,
    parts,
    databaseUrl: (database) => `postgres://postgres:${password}@127.0.0.1:${base + POSTGRES_OFFSET}/${database}`,
    fillDisk: (of) => {
      const { bavail, bsize } = statfsSync(path.join(dataDir, of));
      execFileSync('fallocate', ['-l', String(bavail * bsize), ballast(of)]);
    },
    freeDisk: (of) => rmSync(ballast(of), { force: true }),
    stop: async () => {
      for (const name of PARTS) await parts[name].end();
      await runner.stop();
      for (const name of ['postgres', 'pocketbase']) execFileSync('umount', ['-l', path.join(dataDir, name)]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
