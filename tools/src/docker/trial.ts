/** The steps of the trial, in their order. Each says what it did; the first that fails ends it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { type Bases, isMadeHere } from './bases.ts';
import { bringUp, type Project, takeDown } from './bring-up.ts';
import { makeCertificates } from './certificates.ts';
import { run } from './command.ts';
import { CORE_ENV, CORE_PROJECT, layOutCore, NETWORK, TENANT_PROJECT, TENANT_SLUG } from './deployment.ts';
import type { Engine } from './engine.ts';
import { type Account, ADDRESSES, newPerson, signIn, tryMainJob } from './flow.ts';
import { tryGuideChecks } from './guide-checks.ts';
import { buildImages, checkContainers, removeImages } from './images.ts';
import { ADDRESS, TENANT_DOMAIN } from './names.ts';
import { BUNDLE_ENV, TenantLife, tryTenantLife } from './tenant-life.ts';
import { typed } from './typed.ts';
import { tryUpgrade } from './upgrade.ts';

type Report = (line: string) => void;

interface Trial {
  engine: Engine;
  bases: Bases;
  /** Of this run alone. */
  folder: string;
  report: Report;
}

/** core/make-first-admin.sh, by the words that it writes. */
async function makeFirstAdmin({ engine }: Trial, home: string, authority: string): Promise<Account> {
  const email = `admin@${TENANT_DOMAIN}`;
  const output = await run(path.join(home, 'core/make-first-admin.sh'), [email], {
    env: {
      ...process.env,
      API_URL: ADDRESSES.api,
      COMPOSE: engine.composeWords.join(' '),
      CURL_OPTIONS: `--cacert ${authority} --resolve ${new URL(ADDRESSES.api).hostname}:443:${ADDRESS}`,
    },
  });
  const password = new RegExp(`^Platform admin: +${email} +(\\S+)$`, 'm').exec(output)?.[1];
  if (password === undefined) throw new Fault('core/make-first-admin.sh told no password');
  return { email, password };
}

async function startCore(trial: Trial): Promise<{ admin: Account; authority: string }> {
  const { engine, bases, folder, report } = trial;
  const certificates = path.join(folder, 'certificates');
  mkdirSync(certificates);
  const { authority } = await makeCertificates(certificates);
  const home = await layOutCore(folder, bases, certificates);
  await engine.docker('network', 'create', NETWORK);
  await bringUp(engine, { name: CORE_PROJECT, folder: home, envFile: CORE_ENV });
  report(`  ✓ up and healthy: ${(await checkContainers(engine, CORE_PROJECT)).sort().join(', ')}`);
  const admin = await makeFirstAdmin(trial, home, authority);
  await typed(
    'tools/src/models.ts',
    ['apply', 'tools/seed/models.yaml', '--apply', '--url', ADDRESSES.api],
    admin,
    folder,
  );
  report('  ✓ first admin and models, by their commands');
  return { admin, authority };
}

async function startTenant(life: TenantLife): Promise<Project> {
  const { engine, report, folder } = life;
  const project = { name: TENANT_PROJECT, folder: path.join(folder, 'tenants', TENANT_SLUG), envFile: BUNDLE_ENV };
  await life.tenant('create', TENANT_SLUG, ...life.wish);
  life.adapt();
  if (life.byCommand) {
    await life.tenant('create', TENANT_SLUG, ...life.wish, '--target', 'compose');
    report('  ✓ deployed by npm run tenant -- create --target compose, whose DNS check finds the names');
  } else
    report(
      '  skipped: --target compose, backup and restore by the command: they ask `docker compose`, here is Compose 1',
    );
  await bringUp(engine, project);
  report(`  ✓ up and healthy: ${(await checkContainers(engine, TENANT_PROJECT)).sort().join(', ')}`);
  return project;
}

/** Why the parts that are public images as a whole don't run here. */
const reasonOf = (bases: Bases) =>
  isMadeHere(bases)
    ? 'their images can be pulled as little as the bases (npm run try:open-webui tries Open WebUI as a Python package)'
    : 'several gigabytes, which this trial does not ask for (npm run try:open-webui tries Open WebUI as a Python package)';

/** @throws Fault of the first step that fails */
export async function runTrial(trial: Trial): Promise<void> {
  const { engine, bases, report } = trial;
  report('\nImages');
  await buildImages(engine, bases, report);
  report('\nCore');
  const { admin, authority } = await startCore(trial);
  report('\nTenant');
  const life = new TenantLife({ ...trial, admin, authority });
  const project = await startTenant(life);
  report('\nWhat the guides promise');
  report(`  ✓ ${await tryGuideChecks()} addresses answer as docs/operations/checks.md says`);
  report('  ✓ our containers run as 10001 on a root file system that is read only');
  const operator = await signIn(admin);
  const person = await newPerson(operator, TENANT_SLUG);
  report(`  ✓ sign-in, key, streamed answer, budget and usage: ${await tryMainJob(person)} € everywhere`);
  report(`  skipped: Open WebUI, Qdrant and Garage (profiles webui, qdrant, garage): ${reasonOf(bases)}`);
  const answers = await tryUpgrade(engine, bases, project, person);
  report(
    `  ✓ another version by docs/operations/upgrade.md: ${answers} answers meanwhile, all whole, each charged once`,
  );
  if (life.byCommand) await tryTenantLife(life, project, operator, person);
}

/** Everything of this trial and of one that was killed. */
export async function clearTrial(engine: Engine, options: { images: boolean }): Promise<void> {
  await takeDown(engine, TENANT_PROJECT);
  await takeDown(engine, CORE_PROJECT);
  const network = await engine.docker('network', 'ls', '-q', '--filter', `name=^${NETWORK}$`);
  if (network.trim() !== '') await engine.docker('network', 'rm', NETWORK);
  if (options.images) await removeImages(engine);
}
