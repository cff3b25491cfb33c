/** What the services' logs must keep while they are asked anything at all. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const FUZZED_LOG = /^(?:identity|billing|proxy|conversations)\.log$/;
/** Pino's level of what is a fault of the code. */
const ERROR_LEVEL = 50;
const SHOWN_CHARACTERS = 700;

const folderOf = (dataDir: string) => path.join(dataDir, 'logs');

/** Where each log ends now: bytes by file. */
export function logMarks(dataDir: string): Record<string, number> {
  const files = readdirSync(folderOf(dataDir)).filter((file) => FUZZED_LOG.test(file));
  return Object.fromEntries(files.map((file) => [file, statSync(path.join(folderOf(dataDir), file)).size]));
}

function faultsOfLine(line: string, secrets: readonly string[]): string[] {
  const faults: string[] = [];
  if (secrets.some((secret) => line.includes(secret))) faults.push('a secret');
  try {
    const { level } = JSON.parse(line) as { level?: number };
    if (level !== undefined && level >= ERROR_LEVEL) faults.push('an error');
  } catch {
    faults.push('no JSON');
  }
  return faults;
}

/** @returns one text for each line since the marks that tells of a fault of the code, or tells too much */
export function faultsOfLogs(dataDir: string, marks: Record<string, number>, secrets: readonly string[]): string[] {
  return Object.entries(marks).flatMap(([file, from]) => {
    const added = readFileSync(path.join(folderOf(dataDir), file))
      .subarray(from)
      .toString();
    return added
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) =>
        faultsOfLine(line, secrets).map((fault) => `${file}: ${fault}: ${line.slice(0, SHOWN_CHARACTERS)}`),
      );
  });
}
