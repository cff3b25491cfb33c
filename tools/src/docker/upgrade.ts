/** The part of docs/operations/upgrade.md that promises most: another proxy, and no stream is lost. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';
import type { Project } from './bring-up.ts';
import { plainEnvironment, run } from './command.ts';
import type { Engine } from './engine.ts';
import { streamAnswer } from './flow.ts';

const GUIDE = 'docs/operations/upgrade.md';
/** Longer than the successor needs until it is healthy. */
const SLOW = '[[simulate tokens_per_second=4 length=200]]';
const BEGUN_MS = 3000;

/** The guide's own lines; the images of a trial are pulled from nowhere, and an older Compose has no `--wait`. */
export function upgradeSteps(engine: Pick<Engine, 'composeWords'>, { envFile }: Pick<Project, 'envFile'>): string {
  const guide = readFileSync(path.join(ROOT, GUIDE), 'utf8');
  const block = /```sh\n(C="docker compose --env-file TENANT_SECRETS\.env"\n[\s\S]+?)```/.exec(guide)?.[1];
  if (block === undefined) throw new Error(`${GUIDE} has no steps for a tenant's proxy any more`);
  return block
    .replace(/^C=.*$/m, `C="${engine.composeWords.join(' ')} --env-file ${envFile}"`)
    .replace(/^\$C pull$/m, '')
    .replace('up -d --wait', 'up -d');
}

/** @throws Fault where the answer that ran meanwhile isn't whole */
export async function tryUpgrade(
  engine: Engine,
  project: Project,
  person: Parameters<typeof streamAnswer>[0],
): Promise<void> {
  const running = streamAnswer(person, SLOW);
  running.catch(() => {}); // looked at below
  await new Promise((resolve) => setTimeout(resolve, BEGUN_MS));
  const before = await engine.compose(project.folder, project.envFile, 'ps', '-q', 'proxy');
  await run('sh', ['-euc', upgradeSteps(engine, project)], { cwd: project.folder, env: plainEnvironment() });
  await running;
  const after = await engine.compose(project.folder, project.envFile, 'ps', '-q', 'proxy');
  if (after.trim() === '' || after === before) throw new Fault('the proxy is the same as before the upgrade');
  await streamAnswer(person, '');
}
