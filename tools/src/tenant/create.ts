/** A tenant from nothing to a bundle that deploys as it is. Each step looks first at what is there, so it can be run again. */
import {
  BUNDLE_FILE,
  type BundleFacts,
  hostsOf,
  issueClient,
  type Template,
  templateVersion,
} from '@cloudfreedom/tenant-bundle';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import type { Core } from './core.ts';
import { findAdmin, inviteAdmin } from './first-admin.ts';
import type { Progress } from './progress.ts';
import { ensureServiceToken, refuseForeignBundle } from './service-token.ts';
import { checkWish, ensureTenant, findProduct, listTenants } from './tenant-record.ts';

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
  /** Where another folder holds the tenant's bundle: end that one's access. */
  takeOver: boolean;
}

interface CreateParts {
  core: Core;
  folder: BundleFolder;
  template: Template;
  progress: Progress;
}

const SIGN_IN_NOTE =
  'single sign-on is required: its people, an invited admin too, get in only by a provider that the core has. Without an account there: portal, Tenants, the tenant, take the tick of single sign-on away.';

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
      `--domain: the bundle in ${folder.path} is for ${before.tenant.domain}; another domain: docs/operations/domain.md.`,
    );
  if (before) await folder.checkVersion(template, before);
  if (existing && !wish.takeOver) await refuseForeignBundle(core, folder, existing.id);
  const admin = wish.admin === undefined ? null : await findAdmin(core.pocketbase, wish.admin, existing?.id);
  const facts: BundleFacts = {
    templateVersion: await templateVersion(template),
    tenant: { id: existing?.id ?? '', slug: wish.slug, name: wish.name, type: wish.type, domain: wish.domain },
    webui: wish.webui,
    core: core.addresses,
    serviceTokenId: '',
  };
  folder.check(template, facts);
  await progress.step('secrets', () => {
    folder.make();
    folder.completeSecrets(wish.webui);
    if (wish.registry !== undefined) folder.keepSecrets({ IMAGE_REGISTRY: wish.registry });
  });
  const tenant = await progress.step(existing ? 'tenant (was there)' : 'tenant', () =>
    ensureTenant(core.pocketbase, terms, existing),
  );
  if (tenant.single_sign_on_required) progress.warn(SIGN_IN_NOTE);
  const serviceTokenId = await progress.step('service token', () =>
    ensureServiceToken(core, folder, tenant.id, wish.takeOver),
  );
  if (wish.webui) await progress.step('sign-in of Open WebUI', () => ensureClient(parts, tenant.id, wish.domain));
  if (wish.admin !== undefined && admin) {
    const invitation = { email: wish.admin, tenant: tenant.id, product: product.id };
    await inviteAdmin(core.pocketbase, invitation, admin, progress);
  }
  facts.tenant = { ...facts.tenant, id: tenant.id, name: tenant.name };
  facts.serviceTokenId = serviceTokenId;
  await progress.step(`bundle (${folder.file(BUNDLE_FILE)})`, () => folder.write(template, facts));
  return facts;
}
