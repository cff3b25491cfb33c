/** `npm run tenant -- <command>`: a tenant of one's own, made, started, deployed and looked after. */
import { hostsOf, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { explain, Fault } from './stack/fault.ts';
import { type Arguments, readArguments } from './tenant/arguments.ts';
import { backupTenant, restoreTenant } from './tenant/backup.ts';
import { BundleFolder, listBundles, readTemplate } from './tenant/bundle-folder.ts';
import { destroyTenant, finishRotation, rotateSecrets, setTenantStatus, upgradeBundle } from './tenant/change.ts';
import { checkCompose, compose } from './tenant/compose.ts';
import { Coolify, deployToCoolify, readCoolifySettings } from './tenant/coolify.ts';
import { type Core, openCore } from './tenant/core.ts';
import { reportMissingAtCore } from './tenant/core-allows.ts';
import { createTenant } from './tenant/create.ts';
import { checkHosts } from './tenant/host-addresses.ts';
import { Progress } from './tenant/progress.ts';
import { faultOf } from './tenant/refusal.ts';
import { runTenant } from './tenant/run.ts';
import { listTenants } from './tenant/tenant-record.ts';

const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const AGAIN = 'Run the same command again: it goes on from there.';

type Target = 'compose' | 'coolify';

/** What can be known before anything is made. @throws Fault */
async function checkTarget(target: Target, folder: BundleFolder, registry: string | undefined): Promise<void> {
  if (target === 'coolify') readCoolifySettings(process.env);
  else await checkCompose();
  const { IMAGE_REGISTRY: written = '' } = folder.secrets();
  if (registry === undefined && (written === '' || /(^|\.)example\.com(\/|$)/.test(written)))
    throw new Fault(
      folder.exists()
        ? `Where do your images lie? Write it as IMAGE_REGISTRY into ${folder.file(SECRETS_FILE)}.`
        : 'Where do your images lie? Name it by --registry registry.acme.example/cloudfreedom.',
    );
}

function checkAddresses({ pocketbase, identity }: Core['addresses']): void {
  if (pocketbase === identity) return;
  throw new Fault(
    `PocketBase (${pocketbase}) and identity (${identity}) must have one address for what is deployed, as behind Traefik: name such a core by --portal; the demo of npm start is none.`,
  );
}

async function deploy(folder: BundleFolder, target: Target, progress: Progress): Promise<void> {
  const facts = folder.finished();
  await folder.checkVersion(readTemplate(), facts);
  checkAddresses(facts.core);
  if (target === 'compose') {
    folder.keep({ compose: true });
    return progress.step('docker compose up', () => compose(folder, 'up', report));
  }
  const coolify = new Coolify(readCoolifySettings(process.env));
  await deployToCoolify(folder, coolify, (name, work) => progress.step(name, work));
}

async function create(given: Extract<Arguments, { command: 'create' }>): Promise<void> {
  const { slug, wish, skipDns, target, takeOver } = given;
  const folder = new BundleFolder(slug);
  if (target !== undefined && !skipDns) await checkHosts(wish.domain, wish.webui);
  if (target !== undefined) await checkTarget(target, folder, wish.registry);
  const core = await openCore(given.portal);
  if (target !== undefined) checkAddresses(core.addresses);
  const progress = new Progress(report, AGAIN);
  report(`${slug}, as ${core.actor}`);
  const { name = slug, admin, registry, ...rest } = wish;
  const facts = await createTenant(
    { slug, name, admin, registry, takeOver, ...rest },
    { core, folder, template: readTemplate(), progress },
  );
  if (target) await deploy(folder, target, progress);
  report(
    `\nReady in ${folder.path}; its hosts are ${Object.values(hostsOf(facts.tenant.domain, facts.webui)).join(' and ')}.`,
  );
  for (const line of progress.warnings) report(`\n! ${line}`);
  if (given.run) await runTenant(folder, report);
  // The demo on this machine has no core.env.
  else if (given.portal !== undefined)
    await reportMissingAtCore(core.addresses, facts.tenant.domain, report).catch((error: unknown) => {
      const fault = faultOf(error);
      if (!fault) throw error;
      report(`\n! Whether the core lets the tenant in could not be asked: ${fault.message}`);
    });
}

async function rotate(core: Core, folder: BundleFolder, finish: boolean): Promise<void> {
  if (finish) {
    const { ended, others } = await finishRotation(core, folder);
    report(`${ended} service token(s) from before ended.`);
    if (others > 0)
      report(
        `${others} of other bundles of ${folder.slug} go on; the portal shows and revokes them: Tenants, the tenant.`,
      );
    return;
  }
  await rotateSecrets(core, folder, readTemplate(), new Progress(report, AGAIN));
  report(`Deploy or start it again, then: npm run tenant -- rotate-secrets ${folder.slug} --finish`);
}

async function change(
  given: Exclude<Arguments, { command: 'create' | 'list' | 'show' | 'run' | 'backup' | 'restore' }>,
): Promise<void> {
  const folder = new BundleFolder(given.slug);
  const progress = new Progress(report, AGAIN);
  if (given.command === 'upgrade') {
    const { facts, version, cloneVersion } = await upgradeBundle(folder, readTemplate(), given.version);
    report(`The bundle of ${given.slug} is of the template ${facts.templateVersion} now; deploy it again.`);
    if (given.version === undefined && version !== cloneVersion)
      report(
        `Its images stay at VERSION=${version}; this clone's are ${cloneVersion}: upgrade ${given.slug} --version ${cloneVersion} sets that.`,
      );
    return;
  }
  if (given.command === 'deploy') {
    const { tenant, webui } = folder.finished();
    await checkTarget(given.target, folder, undefined);
    if (!given.skipDns) await checkHosts(tenant.domain, webui);
    return deploy(folder, given.target, progress);
  }
  const core = await openCore(given.portal);
  folder.checkCore(core.addresses.pocketbase);
  if (given.command === 'rotate-secrets') return rotate(core, folder, given.finish);
  if (given.command === 'destroy') return destroyTenant(core, folder, progress, report);
  const status = given.command === 'suspend' ? 'suspended' : 'active';
  const changed = await setTenantStatus(core, given.slug, status);
  report(`${given.slug} is ${status}${changed ? '' : ' already'}.`);
}

/** Needs no core: who moves a tenant may have none at hand. */
async function copy({ command, slug, path }: Extract<Arguments, { command: 'backup' | 'restore' }>): Promise<void> {
  const progress = new Progress(report, AGAIN);
  const parts = { folder: new BundleFolder(slug), progress, environment: process.env, report };
  if (command === 'backup') return report(`\n${await backupTenant(parts, path)}`);
  const restored = await restoreTenant(parts, path);
  const rows = Object.values(restored.rows);
  const count = rows.reduce((sum, rowsOfTable) => sum + rowsOfTable, 0);
  report(
    `\n${slug} is in ${parts.folder.path}: ${rows.length} tables, ${count} rows. Start it: npm run tenant -- ${restored.stores === 'folder' ? `run ${slug}` : `deploy ${slug} --target compose`}`,
  );
}

async function list(portal: string | undefined): Promise<void> {
  const { pocketbase } = await openCore(portal);
  const bundles = listBundles();
  for (const { slug, type, status, domains } of await listTenants(pocketbase))
    report(
      [
        slug.padEnd(20),
        type.padEnd(10),
        status.padEnd(9),
        bundles.includes(slug) ? 'bundle' : '-     ',
        domains.join(' '),
      ].join('  '),
    );
}

function show(slug: string): void {
  const folder = new BundleFolder(slug);
  const { tenant, core, templateVersion, serviceTokenId, webui } = folder.finished();
  const hosts = hostsOf(tenant.domain, webui);
  for (const [name, value] of [
    ['Tenant', `${tenant.name} (${tenant.slug}, ${tenant.type}, ${tenant.id})`],
    ['Proxy', `https://${hosts.ai}`],
    ['Chat', `https://${hosts.app}`],
    ...(hosts.webui ? [['Open WebUI', `https://${hosts.webui}`] as const] : []),
    ['Core', `${core.pocketbase} ${core.identity} ${core.billing}`],
    ['Service token', serviceTokenId],
    ['Template', templateVersion],
    ['Folder', folder.path],
  ] as const)
    report(`${name.padEnd(14)} ${value}`);
}

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  if (given.command === 'create') return create(given);
  if (given.command === 'list') return list(given.portal);
  if (given.command === 'show') return show(given.slug);
  if (given.command === 'run') return runTenant(new BundleFolder(given.slug), report);
  if (given.command === 'backup' || given.command === 'restore') return copy(given);
  return change(given);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${explain(faultOf(error) ?? error)}\n`);
    process.exit(1);
  },
);
