/**
 * `npm run soak:budget -- --runs 100 --at-once 3`: overspending and false blocks, through proxy and billing. A run is
 * mostly waiting (`retry-after` may be a minute), so several of them, each with a person of its own, share the machine.
 */
import { parseArgs } from 'node:util';
import { formatEur } from '@cloudfreedom/contracts';
import { runFalseBlock } from './false-block.ts';
import { brokenLaws } from './laws.ts';
import { type OverspendRun, runOverspend } from './overspend.ts';
import { startRig } from './rig.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, 'at-once': { type: 'string', default: '3' } },
});
const runs = Number(values.runs);
const print = (line: string) => process.stdout.write(`${line}\n`);
const rig = await startRig();
let faults = 0;

function note(found: string[]): void {
  for (const fault of found) print(`  FAULT: ${fault}`);
  faults += found.length;
}

function report(run: number, one: OverspendRun): void {
  const money = [formatEur(one.budgetNanoEur), formatEur(one.spentNanoEur), one.leftNanoEur, one.smallestNanoEur];
  print(`| ${[run, ...money, one.answered, one.held].join(' | ')} |`);
  note(one.faults);
}

try {
  print('| run | budget EUR | spent EUR | left, nano-euro | smallest request, nano-euro | answered | sent back |');
  print('| --: | ---------: | --------: | --------------: | --------------------------: | -------: | --------: |');
  let begun = 0;
  const lane = async () => {
    while (begun < runs) {
      const run = ++begun;
      report(run, await runOverspend(rig));
    }
  };
  await Promise.all(Array.from({ length: Math.min(runs, Number(values['at-once'])) }, lane));
  print('\n| model | answered whole | refused | sent back to wait | refused if the whole maximum were held |');
  print('| :--- | -------: | ------: | ----------------: | --------------------------------------: |');
  for (const kind of ['visible', 'hidden'] as const) {
    const { model, answered, refused, refusals, held, refusedWithWholeMaximum } = await runFalseBlock(rig, kind);
    print(`| ${[model, answered, refused, held, refusedWithWholeMaximum].join(' | ')} |`);
    note(refusals);
  }
  note(await brokenLaws(rig));
  print(`\n${runs} runs, ${faults} faults`);
} finally {
  await rig.stop();
}
process.exit(faults === 0 ? 0 : 1);
