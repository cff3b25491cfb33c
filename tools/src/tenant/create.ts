/** A tenant from nothing to a bundle that deploys as it is. Each step looks first at what is there, so it can be run again. */
import {
  BUNDLE_FILE,
  type BundleFacts,
  hostsOf,
  issueClient,
  issueServiceToken,
  revokeOtherServiceTokens,
  type Template,
  templateVersion,
} from '@cloudfreedom/tenant-bundle';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { type Core, CoreRefusal, reach } from './core.ts';
import type { Progress } from './progress.ts';
import { checkWish, ensureTenant, findProduct, inviteAdmin, listTenants } from './tenant-record.ts';

export interface CreateWish {
  slug: string;
  name: string;
  type: BundleFacts['tenant']['type'];
  domain: string;
  product: string;
  /** Open WebUI beside the chat. */
  webui: boolean;
  /** E-mail address of the first admin. */
  admin: string | undefined;
  /** Where the images lie; undefined: as in the bundle. */
  registry: string | undefined;
}

interface CreateParts {
  core: Core;
  folder: BundleFolder;
  template: Template;
  progress: Progress;
}

const DIRECTORY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/** Billing hears of a new tenant a moment after PocketBase. */
async function issueTokenOnceKnown(core: Core, tenantId: string): Promise<{ id: string; token: string }> {
  const deadline = Date.now() + DIRECTORY_TIMEOUT_MS;
  for (;;) {
    try {
      return await issueServiceToken(core, tenantId);
    } catch (error) {
      const waits = error instanceof CoreRefusal && error.code === 'tenant_not_found' && Date.now() < deadline;
      if (!waits) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @throws Fault where billing refuses the token that the bundle has */
async function checkToken({ addresses }: Core, slug: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await reach('billing', `${addresses.billing}/v1/catalogue`, { headers });
  await response.body?.cancel();
  if (response.status === 401)
    throw new Fault(
      `Billing refuses the bundle's service token: it was revoked, or the file was changed. npm run tenant -- rotate-secrets ${slug} makes another one.`,
    );
}

/** The token of the bundle; a new one where there is none. Those that a crash left without a holder are ended. */
async function ensureServiceToken({ core, folder }: CreateParts, tenantId: string): Promise<string> {
  const { BILLING_SERVICE_TOKEN: token, SERVICE_TOKEN_ID: keptId } = folder.secrets();
  const id = keptId ?? folder.facts()?.serviceTokenId;
  if (token && id) {
    await checkToken(core, folder.slug, token);
    return id;
  }
  const issued = await issueTokenOnceKnown(core, tenantId);
  folder.keepSecrets({ BILLING_SERVICE_TOKEN: issued.token, SERVICE_TOKEN_ID: issued.id });
  await revokeOtherServiceTokens(core, tenantId, issued.id);
  return issued.id;
}

async function ensureClient({ core, folder }: CreateParts, tenantId: string, domain: string): Promise<void> {
  const { WEBUI_CLIENT_ID: id, WEBUI_CLIENT_SECRET: secret } = folder.secrets();
  if (id && secret) return;
  const client = await issueClient(core, tenantId, `https://${hostsOf(domain, true).webui}`);
  folder.keepSecrets({ WEBUI_CLIENT_ID: client.id, WEBUI_CLIENT_SECRET: client.secret });
}

/**
 * @returns what the bundle was made from
 * @throws Fault; what is wrong with the wish itself comes before anything is written
 */
export async function createTenant(wish: CreateWish, parts: CreateParts): Promise<BundleFacts> {
  const { core, folder, template, progress } = parts;
  const product = await findProduct(core.pocketbase, wish.product);
  const terms = { ...wish, productId: product.id };
  folder.checkCore(core.addresses.pocketbase);
  const existing = checkWish(await listTenants(core.pocketbase), terms);
  const before = folder.facts();
  if (before && before.tenant.domain !== wish.domain)
    throw new Fault(
      `--domain: the bundle in ${folder.path} is for ${before.tenant.domain}; a move is described in docs/operations.`,
    );
  if (before) await folder.checkVersion(template, before);
  await progress.step('secrets', () => {
    folder.make();
    folder.completeSecrets(wish.webui);
    if (wish.registry !== undefined) folder.keepSecrets({ IMAGE_REGISTRY: wish.registry });
  });
  const tenant = await progress.step(existing ? 'tenant (was there)' : 'tenant', () =>
    ensureTenant(core.pocketbase, terms, existing),
  );
  const serviceTokenId = await progress.step('service token', () => ensureServiceToken(parts, tenant.id));
  if (wish.webui) await progress.step('sign-in of Open WebUI', () => ensureClient(parts, tenant.id, wish.domain));
  if (wish.admin !== undefined) {
    const invitation = { email: wish.admin, tenant: tenant.id, product: product.id };
    await progress.step(`invitation of ${wish.admin}`, () => inviteAdmin(core.pocketbase, invitation));
  }
  const facts: BundleFacts = {
    templateVersion: await templateVersion(template),
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name, type: tenant.type, domain: wish.domain },
    webui: wish.webui,
    core: core.addresses,
    serviceTokenId,
  };
  await progress.step(`bundle (${folder.file(BUNDLE_FILE)})`, () => folder.write(template, facts));
  return facts;
}
