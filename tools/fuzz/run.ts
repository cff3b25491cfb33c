/**
 * `npm run fuzz -- --minutes 5 --seed 1`: random questions to each operation of each service, round after round on a
 * suite of its own. Ends with 1 where an answer broke a law, a service wrote an error into its log, or one died.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { StackFile } from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';
import { gatherCast } from '../test/access/cast.ts';
import { openStage } from '../test/access/stage.ts';
import {
  freePortBase,
  launch,
  newDataDir,
  readStackFile,
  removeDataDir,
  stopStack,
  waitUntilReady,
} from '../test/stack/running-stack.ts';
import { fuzz } from './fuzz.ts';
import { FUZZED, readSecrets, targetsOf } from './fuzz-world.ts';
import { faultsOfLogs, logMarks } from './log-laws.ts';

const MODEL = 'gpt-5.4-mini';
const RUNS_EACH = 40;
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    /** Of a suite that is running; without it one is started. */
    'data-dir': { type: 'string' },
  },
});
const print = (line: string) => process.stdout.write(`${line}\n`);

async function signIn({ urls, demo }: StackFile): Promise<PocketBase> {
  const client = new PocketBase(urls.pocketbase);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword(demo.superuser.email, demo.superuser.password);
  return client;
}

/** @returns how many findings there were */
async function run(dataDir: string): Promise<number> {
  const stack = readStackFile(dataDir);
  const secrets = readSecrets(dataDir);
  const marks = logMarks(dataDir);
  const cast = await gatherCast({
    superuser: await signIn(stack),
    internalSecret: secrets.internalSecret,
    tenant: stack.tenant.id,
  });
  const stage = await openStage(cast, stack.urls, MODEL);
  const deadline = Date.now() + Number(values.minutes) * 60_000;
  const isOver = () => Date.now() > deadline;
  const found = new Map<string, string>();
  let asked = 0;
  for (let seed = Number(values.seed); !isOver(); seed++) {
    const rounds = FUZZED.map(async (service) => {
      const targets = await targetsOf(stage, service);
      return fuzz({ url: stage.urls[service], targets, runsEach: RUNS_EACH, seed, secrets: secrets.all, isOver });
    });
    const reports = await Promise.all(rounds);
    for (const report of reports) {
      asked += report.asked;
      for (const finding of report.findings) {
        const [operation = ''] = finding.split('\n');
        if (!found.has(operation)) print(`seed ${seed}: ${finding}`);
        found.set(operation, finding);
      }
    }
    if (process.env.FUZZ_STATUSES) print(JSON.stringify(reports.map(({ statuses }) => statuses)));
    print(`seed ${seed}: ${asked} questions so far, ${found.size} operations with a finding`);
    await stage.renewConversation();
    await stage.renewAssistant();
    await stage.renewFolder();
    await stage.renewResponse();
  }
  const logs = faultsOfLogs(dataDir, marks, secrets.all);
  for (const fault of logs) print(fault);
  return found.size + logs.length;
}

async function onOwnStack(): Promise<number> {
  const stack = launch(newDataDir(), await freePortBase());
  try {
    await waitUntilReady(stack);
    return await run(stack.dataDir);
  } finally {
    await stopStack(stack);
    removeDataDir(stack.dataDir);
  }
}

const findings = await (values['data-dir'] === undefined ? onOwnStack() : run(values['data-dir']));
print(findings === 0 ? 'Nothing found.' : `${findings} findings.`);
process.exit(findings === 0 ? 0 : 1);
