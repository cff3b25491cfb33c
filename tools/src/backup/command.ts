/** What `npm run backup` and `npm run restore` share: words, faults, progress. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { explain, Fault } from '../stack/fault.ts';
import { Progress } from '../tenant/progress.ts';
import { faultOf } from '../tenant/refusal.ts';
import type { BackupParts } from './back-up.ts';
import type { Place } from './place.ts';

export const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** @throws Fault with the usage */
export function readWords<Options extends ParseArgsOptionsConfig>(options: Options, usage: string) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Fault(`${(error as Error).message}\n${usage}`);
  }
}

export function partsWith(place: Place): BackupParts {
  const progress = new Progress(report, 'Nothing was put in place or written over: run the same command again.');
  return { place, progress, environment: process.env, report };
}

/** Ends the process. */
export function runCommand(main: () => Promise<void>): void {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`\n${explain(faultOf(error) ?? error)}\n`);
      process.exit(1);
    },
  );
}
