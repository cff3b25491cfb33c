/** `npm test`: every check in one run; ends with one line `N passed, N failed` (`, N skipped`). */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from './stack/settings.ts';
import { findSystemPackages } from './system-packages.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: string[];
}

/** Checks without tests of their own count one each. */
const CHECKS: { name: string; command: string; args: string[] }[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '.'] },
  { name: 'types of services, packages and tools', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'types of the apps', command: 'tsc', args: ['--noEmit', '-p', 'apps'] },
  {
    name: 'dependency rules',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', 'services', 'apps', 'packages', 'tools'],
  },
  { name: 'unused files, exports and dependencies', command: 'knip', args: ['--no-progress'] },
];

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  quiet: boolean,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(path.join(ROOT, 'node_modules', '.bin', command), args, {
      cwd: ROOT,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function runChecks(env: NodeJS.ProcessEnv, counts: Counts): Promise<void> {
  for (const { name, command, args } of CHECKS) {
    const startedAt = Date.now();
    const { code, output } = await run(command, args, env, true);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`);
    if (code === 0) counts.passed += 1;
    else {
      counts.failed += 1;
      process.stdout.write(`${output.trimEnd()}\n`);
    }
  }
}

/** One vitest project; what it prints is shown as it comes, what it counts is read from its report. */
async function runTests(project: string, filters: string[], env: NodeJS.ProcessEnv, counts: Counts): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-test-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const { code } = await run(
      'vitest',
      [
        'run',
        '--project',
        project,
        '--passWithNoTests',
        '--reporter=default',
        '--reporter=json',
        `--outputFile=${reportFile}`,
        ...filters,
      ],
      env,
      false,
    );
    const failedBefore = counts.failed;
    const report = vitestReport.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
    for (const file of report.testResults) countFile(file, counts);
    // A run that failed outside any test (a global setup, an unhandled error) must not look like a success.
    if (code !== 0 && counts.failed === failedBefore) counts.failed += 1;
  } catch (error) {
    counts.failed += 1;
    process.stdout.write(`The report of the ${project} tests can't be read: ${error}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countFile(file: z.infer<typeof vitestReport>['testResults'][number], counts: Counts): void {
  for (const { status, fullName } of file.assertionResults) {
    if (status === 'passed') counts.passed += 1;
    else if (status === 'failed') counts.failed += 1;
    else counts.skipped.push(fullName);
  }
  if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) counts.failed += 1;
}

async function main(): Promise<void> {
  const filters = process.argv.slice(2);
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  const env = { ...process.env, ...findSystemPackages((line) => process.stdout.write(`${line}\n`)), CI: 'true' };
  if (filters.length === 0) await runChecks(env, counts);
  await runTests('parts', filters, env, counts);
  await runTests('stack', filters, env, counts);
  for (const name of counts.skipped) process.stdout.write(`skipped: ${name}\n`);
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
}

await main();
