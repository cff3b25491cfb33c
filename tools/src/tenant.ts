/** `npm run tenant -- <command>`: a tenant of one's own, made, started, deployed and looked after. */
import { hostsOf, TemplateFault } from '@cloudfreedom/tenant-bundle';
import { explain } from './stack/fault.ts';
import { type Arguments, readArguments } from './tenant/arguments.ts';
import { BundleFolder, listBundles, readTemplate } from './tenant/bundle-folder.ts';
import { openCore } from './tenant/core.ts';
import { createTenant } from './tenant/create.ts';
import { checkHosts } from './tenant/host-addresses.ts';
import { runTenant } from './tenant/run.ts';
import { listTenants } from './tenant/tenant-record.ts';

const report = (line: string) => process.stdout.write(`${line}\n`);

async function create(given: Extract<Arguments, { command: 'create' }>): Promise<void> {
  const { slug, wish, skipDns } = given;
  if (given.target !== undefined && !skipDns) await checkHosts(wish.domain, wish.webui);
  const core = await openCore(given.portal);
  const folder = new BundleFolder(slug);
  report(`${slug}, as ${core.actor}`);
  const { name = slug, admin, ...rest } = wish;
  const facts = await createTenant({ slug, name, admin, ...rest }, { core, folder, template: readTemplate(), report });
  report(
    `\nReady in ${folder.path}; its hosts are ${Object.values(hostsOf(facts.tenant.domain, facts.webui)).join(' and ')}.`,
  );
  if (given.run) await runTenant(folder, report);
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
  return runTenant(new BundleFolder(given.slug), report);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof TemplateFault ? error.message : explain(error)}\n`);
    process.exit(1);
  },
);
