/**
 * `npm run try:open-webui`: the real Open WebUI (a Python package) beside a stack of its own, with the settings of a
 * tenant's bundle, a Postgres and a Redis. Two people sign in by browser through identity and ask; both budgets move; what
 * it asks by itself is named; a file and a call without any token are charged to their person; who is suspended spends
 * nothing. `--record <file>` keeps the requests as they were sent, without what is secret in them.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { explain } from '../src/stack/fault.ts';
import { findSystemPackages } from '../src/system-packages.ts';
import { walkThrough } from './checks.ts';
import { findOpenWebUi } from './python-package.ts';
import { recording } from './recording.ts';
import { setTrial } from './trial.ts';

const report = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { record: { type: 'string' } } });
  const { CHROMIUM_BIN, REDIS_SERVER_BIN } = findSystemPackages(report);
  if (!CHROMIUM_BIN) return report('Skipped: it needs Chromium (install it, or set CHROMIUM_BIN to its program).');
  if (REDIS_SERVER_BIN) process.env.REDIS_SERVER_BIN = REDIS_SERVER_BIN;
  const found = findOpenWebUi(report);
  if ('missing' in found) return report(`Skipped: ${found.missing}.`);
  const trial = await setTrial(found.program, report);
  try {
    const browser = await chromium.launch({ executablePath: CHROMIUM_BIN, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await walkThrough(trial, browser, report);
    } finally {
      await browser.close();
    }
    if (values.record) writeFileSync(values.record, recording(trial.recorder.asked));
    report('\nAll of it as it should be.');
  } catch (error) {
    report(trial.lastLines());
    throw error;
  } finally {
    await trial.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
});
