/** What is done to a tenant that is there: suspended, resumed, given other secrets, brought to this version, ended. */
import { existsSync, rmSync } from 'node:fs';
import {
  type BundleFacts,
  encryptionKey,
  endClients,
  hostsOf,
  issueClient,
  listBundleTokens,
  partsOf,
  readVariables,
  revokeServiceTokens,
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
import { endHeldTokens, renewServiceToken } from './service-token.ts';
import { findTenant } from './tenant-record.ts';

export async function setTenantStatus(core: Core, slug: string, status: 'active' | 'suspended'): Promise<boolean> {
  const tenant = await findTenant(core.pocketbase, slug);
  if (!tenant) throw new Fault(`There is no tenant ${slug}: npm run tenant -- list shows those that there are.`);
  if (tenant.status === status) return false;
  await core.pocketbase.collection('tenants').update(tenant.id, { status });
  return true;
}

/**
 * Made again from this version's template, with the secrets that it has and what people set.
 * @param version of the images; undefined: as in the bundle
 * @returns also the images' version that the bundle has now, and that of this clone
 * @throws Fault before anything is written
 */
export async function upgradeBundle(
  folder: BundleFolder,
  template: Template,
  version: string | undefined,
): Promise<{ facts: BundleFacts; version: string; cloneVersion: string }> {
  const finished = folder.finished();
  // In the middle of a rotation the next token is written too.
  const { SERVICE_TOKEN_ID: serviceTokenId = finished.serviceTokenId } = folder.secrets();
  const facts = { ...finished, serviceTokenId, templateVersion: await templateVersion(template) };
  folder.check(template, facts);
  if (version !== undefined) folder.keepSecrets({ VERSION: version });
  folder.completeSecrets(facts.webui);
  folder.write(template, facts);
  const { VERSION: cloneVersion = '' } = readVariables(partsOf(template).list);
  return { facts, version: folder.secrets().VERSION ?? cloneVersion, cloneVersion };
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
  folder.check(template, facts);
  const { tenant } = facts;
  // Only once in a rotation, however often the command is run: what is renewed is kept until the bundle has it.
  const renew = async (name: string, variable: string, work: () => Promise<Record<string, string>>) => {
    const { renewed } = folder.state();
    if (renewed.includes(variable)) return;
    await progress.step(name, async () => {
      const news = await work();
      folder.keep({ secrets: { ...folder.state().secrets, ...news }, renewed: [...renewed, variable] });
    });
  };
  await renew('another service token (the old one goes on)', 'BILLING_SERVICE_TOKEN', async () => {
    const { id, token } = await renewServiceToken(core, folder, tenant.id, facts.serviceTokenId);
    return { BILLING_SERVICE_TOKEN: token, SERVICE_TOKEN_ID: id };
  });
  await renew(
    'another encryption of provider keys, in front of the old one',
    'PROVIDER_KEY_ENCRYPTION_KEY',
    async () => {
      const before = folder.secrets().PROVIDER_KEY_ENCRYPTION_KEY;
      return { PROVIDER_KEY_ENCRYPTION_KEY: [encryptionKey(), before].filter(Boolean).join(',') };
    },
  );
  if (facts.webui)
    await renew('another secret of Open WebUI', 'WEBUI_CLIENT_SECRET', async () => {
      const { id, secret } = await issueClient(core, tenant.id, `https://${hostsOf(tenant.domain, true).webui}`);
      return { WEBUI_CLIENT_ID: id, WEBUI_CLIENT_SECRET: secret };
    });
  await progress.step('bundle', () => {
    const { SERVICE_TOKEN_ID: serviceTokenId = facts.serviceTokenId } = folder.secrets();
    folder.write(template, { ...facts, serviceTokenId });
  });
}

/**
 * Ends the service tokens that this folder held before a rotation, once the tenant runs with the new one.
 * @returns how many, and how many of other folders go on
 * @throws Fault where the rotation isn't through
 */
export function finishRotation(core: Core, folder: BundleFolder): Promise<{ ended: number; others: number }> {
  const { tenant } = folder.finished();
  if (folder.state().renewed.length > 0)
    throw new Fault(
      `The rotation isn't through: npm run tenant -- rotate-secrets ${folder.slug}, deploy, then --finish.`,
    );
  return endHeldTokens(core, folder, tenant.id);
}

/** Where the bundle was deployed to Coolify. @throws Fault naming what is missing to ask it */
function coolifyOf(folder: BundleFolder): { client: Coolify; uuid: string } | undefined {
  const { coolify } = folder.state();
  return coolify && { client: new Coolify(readCoolifySettings(process.env)), uuid: coolify.uuid };
}

async function endDeployment(
  folder: BundleFolder,
  coolify: ReturnType<typeof coolifyOf>,
  progress: Progress,
  report: (line: string) => void,
): Promise<void> {
  if (folder.state().compose)
    await progress.step('containers and volumes removed', () => compose(folder, 'down', report));
  if (!coolify) return;
  const { client } = coolify;
  await progress.step('service in Coolify deleted', async () => {
    const uuid = await client.find(`cloudfreedom-${folder.slug}`, coolify.uuid);
    if (uuid) await client.delete(uuid);
  });
}

/**
 * The tenant is suspended, what was deployed and its credentials end; what was charged stays with billing. The bundle goes
 * last: until then the command can be run again. A bundle that was never finished, or is on another machine, hinders nothing.
 * @throws Fault where there is neither tenant nor bundle
 */
export async function destroyTenant(
  core: Core,
  folder: BundleFolder,
  progress: Progress,
  report: (line: string) => void,
): Promise<void> {
  const tenant = await findTenant(core.pocketbase, folder.slug);
  if (!tenant && !folder.exists())
    throw new Fault(`There is no tenant ${folder.slug} and no bundle of it here: npm run tenant -- list.`);
  const coolify = coolifyOf(folder);
  if (existsSync(folder.file('data'))) await takeDataDir(folder.file('data'), report);
  if (tenant) await progress.step('tenant suspended', () => setTenantStatus(core, tenant.slug, 'suspended'));
  if (folder.exists()) await endDeployment(folder, coolify, progress, report);
  if (tenant)
    await progress.step('service tokens and applications ended', async () => {
      await revokeServiceTokens(core, tenant.id, await listBundleTokens(core, tenant.id));
      await endClients(core, tenant.id);
    });
  await progress.step('bundle and data deleted', () => {
    rmSync(folderBesides(folder.file('data')), { recursive: true, force: true });
    folder.remove();
  });
}
