/** `npm test`: every check in one run; ends with one line `N passed, N failed` (`, N skipped`). */
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from './stack/settings.ts';
import { findSystemPackages } from './system-packages.ts';

interface Counts {
  passed: number;
  skipped: string[];
  /** Failed, then passed by itself. */
  unsteady: FailedTest[];
  failed: FailedTest[];
}

/** More failed files than these are no matter of pace. */
const RERUN_FILES = 5;
/** Of each failure, at the end, where it is found without scrolling. */
const MESSAGE_LINES = 20;

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
  { name: 'no secret in any file', command: 'secretlint', args: ['--secretlintignore', '.gitignore', '**/*'] },
];

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
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
      process.stdout.write(`${output.trimEnd()}\n`);
      counts.failed.push({ file: command, name, message: output });
    }
  }
}

interface FailedTest {
  file: string;
  name: string;
  message: string;
}
interface ProjectRun {
  passed: number;
  skipped: string[];
  failed: FailedTest[];
}

/** One vitest project; what it prints is shown as it comes, what it counts is read from its report. */
async function runProject(project: string, args: string[], env: NodeJS.ProcessEnv): Promise<ProjectRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-test-'));
  const reportFile = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${reportFile}`];
  try {
    const { code } = await run(
      'vitest',
      ['run', '--project', project, '--passWithNoTests', ...reporters, ...args],
      env,
      false,
    );
    const report = vitestReport.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
    const result: ProjectRun = { passed: 0, skipped: [], failed: [] };
    for (const file of report.testResults) countFile(file, result);
    // A run that failed outside any test (a global setup, an unhandled error) must not look like a success.
    if (code !== 0 && result.failed.length === 0)
      result.failed.push({ file: '', name: `the ${project} tests`, message: 'failed outside of any test, see above' });
    return result;
  } catch (error) {
    const message = `its report can't be read: ${error}`;
    return { passed: 0, skipped: [], failed: [{ file: '', name: `the ${project} tests`, message }] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countFile(report: z.infer<typeof vitestReport>['testResults'][number], result: ProjectRun): void {
  const file = path.relative(ROOT, report.name);
  const failedBefore = result.failed.length;
  for (const { status, fullName, failureMessages } of report.assertionResults) {
    if (status === 'passed') result.passed += 1;
    else if (status === 'failed')
      result.failed.push({ file, name: fullName, message: failureMessages?.join('\n') ?? '' });
    else result.skipped.push(fullName);
  }
  if (report.status === 'failed' && result.failed.length === failedBefore)
    result.failed.push({ file, name: 'the whole file', message: report.message ?? '' });
}

/**
 * A project, and the files of its failed tests once more by themselves. What holds then hung on the pace of the
 * machine: it is listed as unsteady, not hidden. Laws fail again, because random histories keep their seed.
 */
async function runTests(project: string, filters: string[], env: NodeJS.ProcessEnv, counts: Counts): Promise<void> {
  const first = await runProject(project, filters, env);
  counts.passed += first.passed;
  counts.skipped.push(...first.skipped);
  const files = [...new Set(first.failed.map(({ file }) => file))];
  if (files.length === 0 || files.length > RERUN_FILES || files.includes('')) {
    counts.failed.push(...first.failed);
    return;
  }
  process.stdout.write(`\nOnce more, by themselves: ${files.join(', ')}\n`);
  const second = await runProject(project, [...files, '--maxWorkers=1'], env);
  const failedAgain = new Set(second.failed.map(({ file, name }) => `${file} ${name}`));
  const isBroken = ({ file, name }: FailedTest) =>
    failedAgain.has(`${file} ${name}`) || failedAgain.has(`${file} the whole file`);
  const knownBefore = new Set(first.failed.map(({ file, name }) => `${file} ${name}`));
  const steady = first.failed.filter((test) => !isBroken(test));
  counts.unsteady.push(...steady);
  counts.passed += steady.length;
  counts.failed.push(...first.failed.filter(isBroken));
  // What only the second run failed counts as well; it stood among the passed.
  const fresh = second.failed.filter(({ file, name }) => !knownBefore.has(`${file} ${name}`));
  counts.failed.push(...fresh);
  counts.passed -= fresh.length;
}

function list(title: string, tests: FailedTest[]): void {
  for (const { file, name, message } of tests) {
    const own = message.split('\n').filter((line) => !line.includes('node_modules') && !/^ +at new Promise/.test(line));
    const lines = own.join('\n').trim().split('\n').slice(0, MESSAGE_LINES);
    process.stdout.write(`\n${title}: ${file} > ${name}\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  }
}

async function main(): Promise<void> {
  const filters = process.argv.slice(2);
  const counts: Counts = { passed: 0, skipped: [], unsteady: [], failed: [] };
  const seed = process.env.FAST_CHECK_SEED ?? commitSeed();
  process.stdout.write(`Seed of the random tests (FAST_CHECK_SEED): ${seed}\n`);
  const env = {
    ...process.env,
    ...findSystemPackages((line) => process.stdout.write(`${line}\n`)),
    CI: 'true',
    FAST_CHECK_SEED: seed,
  };
  if (filters.length === 0) await runChecks(env, counts);
  await runTests('parts', filters, env, counts);
  await runTests('stack', filters, env, counts);
  for (const name of counts.skipped) process.stdout.write(`skipped: ${name}\n`);
  list('unsteady', counts.unsteady);
  list('failed', counts.failed);
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed.length} failed${skipped}\n`);
  process.exit(counts.failed.length === 0 && counts.passed > 0 ? 0 : 1);
}

/** Other histories with each commit, the same ones each time it is tested. */
function commitSeed(): string {
  const { stdout } = spawnSync('git', ['rev-parse', '--short=7', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return String(stdout ? Number.parseInt(stdout, 16) : randomInt(2 ** 28));
}

await main();
