/** The files of a bundle: the template's, its examples filled, and a file that says what it was made from. */
import { recordId, TENANT_TYPES } from '@cloudfreedom/contracts';
import { z } from 'zod';
import type { BundleFile } from './archive.ts';
import { hostsOf, tenantDomain, tenantSlug } from './names.ts';
import { fillVariables, TemplateFault } from './template.ts';

export const BUNDLE_FILE = 'bundle.json';
export const SECRETS_FILE = 'TENANT_SECRETS.env';
const VERSION_FILE = 'VERSION';
const EXAMPLE = /\.example$/;

export const bundleFacts = z.object({
  templateVersion: z.number().int().positive(),
  tenant: z.object({
    id: recordId,
    slug: tenantSlug,
    name: z.string(),
    type: z.enum(TENANT_TYPES),
    domain: tenantDomain,
  }),
  core: z.object({
    pocketbase: z.url(),
    identity: z.url(),
    billing: z.url(),
    imprint: z.url().nullable(),
    privacy: z.url().nullable(),
  }),
  serviceTokenId: z.string().nullable(),
});
export type BundleFacts = z.infer<typeof bundleFacts>;

/** Path below tenant-template/ -> text. */
export type Template = Readonly<Record<string, string>>;

/** @throws TemplateFault */
export function templateVersion(template: Template): number {
  const version = Number(template[VERSION_FILE]?.trim());
  if (!Number.isInteger(version) || version < 1) throw new TemplateFault('The template has no file VERSION.');
  return version;
}

/** Variables that are no secrets, by name. */
function publicVariables({ tenant, core }: BundleFacts): Record<string, string> {
  const hosts = hostsOf(tenant.domain);
  return {
    TENANT_ID: tenant.id,
    TENANT_SLUG: tenant.slug,
    TENANT_NAME: tenant.name,
    TENANT_TYPE: tenant.type,
    TENANT_DOMAIN: tenant.domain,
    AI_HOST: hosts.ai,
    APP_HOST: hosts.app,
    POCKETBASE_URL: core.pocketbase,
    IDENTITY_URL: core.identity,
    IDENTITY_ISSUER: core.identity,
    BILLING_URL: core.billing,
    IMPRINT_URL: core.imprint ?? '',
    PRIVACY_URL: core.privacy ?? '',
  };
}

/**
 * @param secrets by variable
 * @throws TemplateFault where a value can't be written, or the template has no version
 */
export function bundleFiles(
  template: Template,
  facts: BundleFacts,
  secrets: Readonly<Record<string, string>>,
): BundleFile[] {
  const values = { ...secrets, ...publicVariables(facts) };
  const copied = Object.entries(template).map(([path, content]) => ({ path, content, secret: false }));
  const filled = copied
    .filter(({ path }) => EXAMPLE.test(path))
    .map(({ path, content }) => ({
      path: path.replace(EXAMPLE, ''),
      content: fillVariables(content, values),
      secret: true,
    }));
  const about = { path: BUNDLE_FILE, content: `${JSON.stringify(facts, null, 2)}\n`, secret: false };
  return [...copied, ...filled, about];
}
