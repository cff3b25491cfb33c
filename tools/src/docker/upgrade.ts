/** The part of docs/operations/upgrade.md that promises most: another proxy, and nothing is lost. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatEur } from '@cloudfreedom/contracts';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';
import type { Bases } from './bases.ts';
import type { Project } from './bring-up.ts';
import { plainEnvironment, run } from './command.ts';
import { containersOf, type Engine } from './engine.ts';
import { chargeOf, keepAsking, type Person, spentBy, streamAnswer } from './flow.ts';
import { nameVersion } from './images.ts';

const GUIDE = 'docs/operations/upgrade.md';
/** Longer than the successor needs until it is healthy. */
const SLOW = '[[simulate tokens_per_second=4 length=200]]';
const BEGUN_MS = 3000;
const ASKERS = 2;
const NEXT = 'next';

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

/** As a later template may be: a label of the proxy is another one, and so its generation. */
function raiseGeneration(folder: string): void {
  const file = path.join(folder, 'docker-compose.yml');
  const text = readFileSync(file, 'utf8');
  const generation = Number(/-proxy-(\d+)\.rule=/.exec(text)?.[1]);
  const raised = text
    .replaceAll(new RegExp(`-(proxy|again)-${generation}\\b`, 'g'), `-$1-${generation + 1}`)
    .replace(`.priority=${1000 + generation}`, `.priority=${1001 + generation}`)
    .replace('.retry.attempts=10', '.retry.attempts=9');
  writeFileSync(file, raised);
}

/** Whose images are of this version, by the containers that run. */
async function servicesAt(engine: Engine, { name }: Project, version: string): Promise<string[]> {
  const containers = await containersOf(engine, name);
  return containers.filter(({ image }) => image.endsWith(`:${version}`)).map(({ service }) => service);
}

/**
 * Another version by the guide, while one long answer and many short ones are asked for.
 * @returns how many answers came whole. @throws Fault where one is not, or what was spent is not what they cost together
 */
export async function tryUpgrade(engine: Engine, bases: Bases, project: Project, person: Person): Promise<number> {
  await nameVersion(engine, NEXT);
  const file = path.join(project.folder, project.envFile);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^VERSION=.*$/m, `VERSION=${NEXT}`), { mode: 0o600 });
  raiseGeneration(project.folder);
  const before = await spentBy(person);
  let isOver = false;
  const running = streamAnswer(person, SLOW);
  // nginx asks nobody for their health, and loses what it sends to one that has gone.
  const asking = Array.from({ length: bases.traefik === null ? 0 : ASKERS }, () => keepAsking(person, () => isOver));
  const asked = Promise.all(asking);
  for (const work of [running, asked]) work.catch(() => {}); // looked at below
  await new Promise((resolve) => setTimeout(resolve, BEGUN_MS));
  await run('sh', ['-euc', upgradeSteps(engine, project)], { cwd: project.folder, env: plainEnvironment() }).finally(
    () => {
      isOver = true;
    },
  );
  const long = chargeOf(await running);
  const short = await asked;
  const cost = short.reduce((sum, { cost: each }) => sum + each, long);
  const spent = (await spentBy(person)) - before;
  if (spent !== cost) throw new Fault(`the answers cost ${formatEur(cost)} €, spent were ${formatEur(spent)} €`);
  const renewed = await servicesAt(engine, project, NEXT);
  if (!['proxy', 'conversations', 'chat'].every((service) => renewed.includes(service)))
    throw new Fault(`of the version ${NEXT} are only ${renewed.join(', ')}`);
  return short.reduce((sum, { answers }) => sum + answers, 1);
}
