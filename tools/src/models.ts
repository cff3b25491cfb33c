/** `npm run models -- apply <file.yaml>`: makes PocketBase's models what a YAML file says, after it showed the differences. */
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { applyChanges, planChanges, sayPlan } from './models/changes.ts';
import { readModelFile } from './models/model-file.ts';
import { signIn } from './models/sign-in.ts';
import { explain, Fault } from './stack/fault.ts';

const USAGE =
  'Use: npm run models -- apply <file.yaml> [--apply | --dry-run] [--prune] [--url https://pocketbase.example]';

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        apply: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        prune: { type: 'boolean', default: false },
        url: { type: 'string' },
      },
    });
    const [command, file, ...more] = positionals;
    const contradictory = values.apply && values['dry-run'];
    if (command !== 'apply' || file === undefined || more.length > 0 || contradictory) throw new Error();
    return { ...values, file };
  } catch (error) {
    const { message } = error as Error;
    throw new Fault(message ? `${message}\n${USAGE}` : USAGE);
  }
}

async function isWanted(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Write this to PocketBase? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function main(): Promise<void> {
  const { file, prune, url, apply, 'dry-run': dryRun } = readArguments();
  // npm runs us in the repository's folder; a path is meant from where the person stands.
  const entries = readModelFile(path.resolve(process.env.INIT_CWD ?? process.cwd(), file), file);
  const client = await signIn(url, process.env);
  const plan = await planChanges(client, entries, prune);
  process.stdout.write(`${client.baseURL}\n${sayPlan(plan).join('\n')}\n`);
  if (plan.changes.length === 0) return;
  if (dryRun || !(apply || (await isWanted()))) {
    process.stdout.write(`Nothing was written${dryRun ? '' : '; --apply writes it'}.\n`);
    return;
  }
  await applyChanges(client, plan.changes);
  process.stdout.write(`Written: ${plan.changes.length} changes.\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${explain(error)}\n`);
    process.exit(1);
  },
);
