/** What is done to a tenant that is there: suspended, resumed, given other secrets, brought to this version, ended. */
import { existsSync, rmSync } from 'node:fs';
import {
  type BundleFacts,
  encryptionKey,
  endClients,
  hostsOf,
  issueClient,
  issueServiceToken,
  revokeOtherServiceTokens,
  type Template,
  templateVersion,
} from '@cloudfreedom/tenant-bundle';
import { folderBesides } from '../stack/databases.ts';
import { Fault } from '../stack/fault.ts';
import { takeDataDir } from '../stack/run-file.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { compose } from './compose.ts';
import { Coolify, readCoolifySettings } from './coolify.ts';
import type { Core } from './core.ts';
import type { Progress } from './progress.ts';

export async function setTenantStatus(core: Core, slug: string, status: 'active' | 'suspended'): Promise<boolean> {
  const tenants = core.pocketbase.collection('tenants');
  const { items } = await tenants.getList(1, 1, { filter: core.pocketbase.filter('slug = {:slug}', { slug }) });
  const [tenant] = items;
  if (!tenant) throw new Fault(`There is no tenant ${slug}: npm run tenant -- list shows those that there are.`);
  if (tenant.status === status) return false;
  await tenants.update(tenant.id, { status });
  return true;
}

/** Made again from this version's template, with the secrets that it has. */
export async function upgradeBundle(folder: BundleFolder, template: Template): Promise<BundleFacts> {
  const facts = { ...folder.finished(), templateVersion: await templateVersion(template) };
  folder.completeSecrets(facts.webui);
  folder.write(template, facts, ['VERSION']);
  return facts;
}

/**
 * The service token: the one before goes on until `finish`. Encryption of provider keys: the new key first, the old ones
 * still open what they closed. Open WebUI's client: its old secret ends at once. Passwords of databases stay: they are
 * changed where the database is.
 */
export async function rotateSecrets(
  core: Core,
  folder: BundleFolder,
  template: Template,
  progress: Progress,
): Promise<void> {
  const facts = folder.finished();
  await folder.checkVersion(template, facts);
  const { tenant } = facts;
  const issued = await progress.step('another service token (the old one goes on)', async () => {
    const token = await issueServiceToken(core, tenant.id);
    folder.keepSecrets({ BILLING_SERVICE_TOKEN: token.token, SERVICE_TOKEN_ID: token.id });
    return token;
  });
  await progress.step('another encryption of provider keys, in front of the old one', () => {
    const before = folder.secrets().PROVIDER_KEY_ENCRYPTION_KEY;
    folder.keepSecrets({ PROVIDER_KEY_ENCRYPTION_KEY: [encryptionKey(), before].filter(Boolean).join(',') });
  });
  if (facts.webui)
    await progress.step('another secret of Open WebUI', async () => {
      const client = await issueClient(core, tenant.id, `https://${hostsOf(tenant.domain, true).webui}`);
      folder.keepSecrets({ WEBUI_CLIENT_ID: client.id, WEBUI_CLIENT_SECRET: client.secret });
    });
  await progress.step('bundle', () => folder.write(template, { ...facts, serviceTokenId: issued.id }));
}

/** Ends the service tokens from before a rotation, once the tenant runs with the new one. @returns how many */
export function finishRotation(core: Core, folder: BundleFolder): Promise<number> {
  const { tenant, serviceTokenId } = folder.finished();
  return revokeOtherServiceTokens(core, tenant.id, serviceTokenId);
}

async function endDeployment(folder: BundleFolder, progress: Progress, report: (line: string) => void): Promise<void> {
  const { compose: byCompose, coolify } = folder.state();
  if (byCompose) await progress.step('containers and volumes removed', () => compose(folder, 'down', report));
  if (!coolify) return;
  const client = new Coolify(readCoolifySettings(process.env));
  await progress.step('service in Coolify deleted', async () => {
    const uuid = await client.find(`cloudfreedom-${folder.slug}`, coolify.uuid);
    if (uuid) await client.delete(uuid);
  });
}

/**
 * The tenant is suspended, what was deployed and its credentials end; what was charged stays with billing. The bundle goes
 * last: until then the command can be run again.
 */
export async function destroyTenant(
  core: Core,
  folder: BundleFolder,
  progress: Progress,
  report: (line: string) => void,
): Promise<void> {
  const { tenant } = folder.finished();
  if (existsSync(folder.file('data'))) await takeDataDir(folder.file('data'), report);
  await progress.step('tenant suspended', () => setTenantStatus(core, tenant.slug, 'suspended'));
  await endDeployment(folder, progress, report);
  await progress.step('service tokens and applications ended', async () => {
    await revokeOtherServiceTokens(core, tenant.id, '');
    await endClients(core, tenant.id);
  });
  await progress.step('bundle and data deleted', () => {
    rmSync(folderBesides(folder.file('data')), { recursive: true, force: true });
    folder.remove();
  });
}
