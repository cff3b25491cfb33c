/** `npm run soak -- --minutes 30 --rate 20`: the mixed load, and its report as docs/benchmarks/soak-mixed.md. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../src/stack/settings.ts';
import { mixedModels } from './directory.ts';
import { runMixed } from './mixed.ts';
import { findGrowth, writeMixedReport } from './mixed-report.ts';
import { type Part, startRig } from './rig.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '20' },
    to: { type: 'string', default: 'docs/benchmarks/soak-mixed.md' },
  },
});
const durationMs = Number(values.minutes) * 60_000;
/** Each part in turn, killed and in order. */
const RESTART_EVERY_MS = 170_000;
const TURNS: { part: Part; signal: NodeJS.Signals }[] = (['SIGKILL', 'SIGTERM'] as const).flatMap((signal) =>
  (['proxy', 'billing', 'postgres'] as const).map((part) => ({ part, signal })),
);
const count = Math.max(1, Math.floor((durationMs * 0.6) / RESTART_EVERY_MS));
const restarts = Array.from(
  { length: count },
  (_, turn) => TURNS[turn % TURNS.length] ?? { part: 'proxy' as const, signal: 'SIGKILL' as const },
);

const said: string[] = [];
const report = (line: string) => {
  process.stdout.write(`${line}\n`);
  if (line.includes('ready again')) said.push(line);
};
/** Faults are drawn for each request, not for a provider: a circuit would keep its other requests from being made. */
const proxyEnvironment = { UPSTREAM_CIRCUIT_FAILURES: '1000' };
const rig = await startRig({ record: true, models: Object.values(mixedModels), proxyEnvironment });
let faults: string[] = [];
try {
  const run = await runMixed(rig, { durationMs, requestsPerSecond: Number(values.rate), restarts, report });
  faults = [...run.faults, ...findGrowth(run, durationMs)];
  writeFileSync(path.resolve(ROOT, values.to), writeMixedReport(run, faults, durationMs, said));
  for (const fault of faults.slice(0, 50)) report(`FAULT: ${fault}`);
  report(`${run.sent} requests, ${faults.length} faults: ${values.to}`);
} finally {
  await rig.stop();
}
process.exit(faults.length === 0 ? 0 : 1);
