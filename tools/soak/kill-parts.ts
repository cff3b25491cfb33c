/** `npm run soak:kill -- --kills 200`: proxy, billing and Postgres killed under load. */
import { parseArgs } from 'node:util';
import { runKills } from './kill.ts';
import { startRig } from './rig.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const print = (line: string) => process.stdout.write(`${line}\n`);
const rig = await startRig();
let faults = 0;
try {
  const run = await runKills(rig, Number(values.kills), print);
  print(
    `killed: ${Object.entries(run.kills)
      .map(([part, times]) => `${part} ${times}`)
      .join(', ')}`,
  );
  print(`requests answered: ${run.answered}, broken: ${run.broken}`);
  for (const fault of run.faults) print(`FAULT: ${fault}`);
  faults = run.faults.length;
  print(`${faults} faults`);
} finally {
  await rig.stop();
}
process.exit(faults === 0 ? 0 : 1);
