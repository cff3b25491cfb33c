/**
 * `npm run try:docker [-- --keep]`: builds every image, brings the core and a tenant up with the real compose files, goes
 * the whole way of a request, takes all down. Where there is no Docker it says so and ends well.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { madeBases, prepareBases } from './docker/bases.ts';
import { endRunning } from './docker/command.ts';
import { type Engine, findEngine } from './docker/engine.ts';
import { ADDRESSES } from './docker/flow.ts';
import { ADDRESS } from './docker/names.ts';
import { clearTrial, runTrial } from './docker/trial.ts';
import { explain } from './stack/fault.ts';

const report = (line: string) => process.stdout.write(`${line}\n`);

const skipped = (reason: string) => report(`Skipped: images, core and tenant in Docker: ${reason}.`);

/** @returns why it was skipped; null: it went through. @throws Fault of the first step that failed */
async function tryAll(engine: Engine, folder: string): Promise<string | null> {
  await clearTrial(engine, { images: false });
  const madeIn = path.join(folder, 'bases');
  mkdirSync(madeIn);
  const bases = await prepareBases(engine, madeIn, report);
  if ('missing' in bases) return bases.missing;
  await runTrial({ engine, bases, folder, report });
  report('\nAll held.');
  return null;
}

async function clearAll(engine: Engine, folder: string): Promise<void> {
  await clearTrial(engine, { images: true });
  rmSync(folder, { recursive: true, force: true });
  report('\nAll taken down: containers, volumes, networks, images of the trial.');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  const engine = await findEngine();
  if ('missing' in engine) {
    skipped(engine.missing);
    return;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-docker-'));
  let clearing: Promise<void> | undefined;
  const clear = () => {
    clearing ??= clearAll(engine, folder);
    return clearing;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      endRunning();
      clear().finally(() => process.exit(1));
    });
  try {
    const reason = await tryAll(engine, folder);
    if (reason !== null) skipped(reason);
  } finally {
    const names = Object.values(ADDRESSES).join(' ');
    if (values.keep && !clearing) report(`\nKept: ${names} at ${ADDRESS}; files in ${folder}. The next run clears it.`);
    else await clear();
    const made = await madeBases(engine);
    if (made.length > 0) report(`Bases stay for the next time: docker image rm ${made.join(' ')}`);
    report("Docker's cache of the builds stays too: docker builder prune, docker image prune.");
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${explain(error)}\n`);
    process.exit(1);
  },
);
