/** The service token of a bundle: whose it is, and which ones a folder may end. */
import {
  type BundleToken,
  issueServiceToken,
  listBundleTokens,
  revokeServiceTokens,
} from '@cloudfreedom/tenant-bundle';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { type Core, CoreRefusal, reach } from './core.ts';

const DIRECTORY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

const isUnknownTenant = (error: unknown) => error instanceof CoreRefusal && error.code === 'tenant_not_found';

/** Billing hears of a new tenant a moment after PocketBase. */
async function issueOnceKnown(core: Core, tenantId: string, mark: string): Promise<{ id: string; token: string }> {
  const deadline = Date.now() + DIRECTORY_TIMEOUT_MS;
  for (;;) {
    try {
      return await issueServiceToken(core, tenantId, mark);
    } catch (error) {
      if (!isUnknownTenant(error) || Date.now() >= deadline) throw error;
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
      `Billing refuses the bundle's service token: it was revoked (in the portal, or by --take-over from another folder), or the file was changed. npm run tenant -- rotate-secrets ${slug} makes another one.`,
    );
}

/** Live ones beside the one that the folder holds: it asked for them or held them, or somebody else did. */
async function otherTokens(core: Core, folder: BundleFolder, tenantId: string) {
  const { mark, held } = folder.state();
  const current = folder.heldToken()?.id ?? folder.facts()?.serviceTokenId;
  const others = (await listBundleTokens(core, tenantId)).filter(({ id }) => id !== current);
  const isOwn = (token: BundleToken) => held.includes(token.id) || (mark !== undefined && token.mark === mark);
  return { own: others.filter(isOwn), foreign: others.filter((token) => !isOwn(token)) };
}

/**
 * Another folder's deployment would lose its access, and a second one have databases of its own.
 * @throws Fault where billing takes a token that another folder holds and this folder has none
 */
export async function refuseForeignBundle(core: Core, folder: BundleFolder, tenantId: string): Promise<void> {
  if (folder.heldToken()) return;
  const { foreign } = await otherTokens(core, folder, tenantId).catch((error: unknown) => {
    if (isUnknownTenant(error)) return { foreign: [] };
    throw error;
  });
  if (foreign.length === 0) return;
  const since = foreign.map(({ createdAt }) => createdAt).sort()[0];
  throw new Fault(
    `The tenant ${folder.slug} has a bundle already that is not in ${folder.path}: its service token has been there since ${since}. ` +
      'Nothing was changed. Run the command where that bundle lies (or set TENANTS_DIR), or bring it here by backup and restore. ' +
      'With --take-over this folder gets another token and other passwords of databases, and what is deployed from the other bundle loses its access at once.',
  );
}

/**
 * The token of the bundle; a new one where there is none. Ended are those that a crash left without a holder, and
 * with `takeOver` those that others hold.
 * @returns its id
 */
export async function ensureServiceToken(
  core: Core,
  folder: BundleFolder,
  tenantId: string,
  takeOver: boolean,
): Promise<string> {
  const held = folder.heldToken();
  if (held) await checkToken(core, folder.slug, held.token);
  const issued = held ?? (await issueOnceKnown(core, tenantId, folder.mark()));
  if (!held) folder.keepSecrets({ BILLING_SERVICE_TOKEN: issued.token, SERVICE_TOKEN_ID: issued.id });
  const { own, foreign } = await otherTokens(core, folder, tenantId);
  // In the middle of a rotation what runs still shows the token from before.
  await revokeServiceTokens(core, tenantId, [...(held ? [] : own), ...(takeOver ? foreign : [])]);
  return issued.id;
}

/** A further one, kept by the caller; that of now is remembered as this folder's until `endHeldTokens`. */
export async function renewServiceToken(core: Core, folder: BundleFolder, tenantId: string, currentId: string) {
  folder.keep({ held: [...new Set([...folder.state().held, currentId])] });
  return issueServiceToken(core, tenantId, folder.mark());
}

/** Ends those that this folder held before. @returns how many ended, and how many that others hold go on */
export async function endHeldTokens(
  core: Core,
  folder: BundleFolder,
  tenantId: string,
): Promise<{ ended: number; others: number }> {
  const { own, foreign } = await otherTokens(core, folder, tenantId);
  const ended = await revokeServiceTokens(core, tenantId, own);
  folder.keep({ held: [] });
  return { ended, others: foreign.length };
}
