/** The files of a bundle: the template's, its variables filled, and a file that says what it was made from. */
import { recordId, TENANT_TYPES } from '@cloudfreedom/contracts';
import { z } from 'zod';
import type { BundleFile } from './archive.ts';
import { hostsOf, tenantDomain, tenantSlug } from './names.ts';
import { fillVariables, partsOf, readVariables, SECRETS_FILE, type Template } from './template.ts';

export const BUNDLE_FILE = 'bundle.json';

export const bundleFacts = z.object({
  templateVersion: z.string(),
  tenant: z.object({
    id: recordId,
    slug: tenantSlug,
    name: z.string(),
    type: z.enum(TENANT_TYPES),
    domain: tenantDomain,
  }),
  /** Open WebUI beside the chat. */
  webui: z.boolean(),
  core: z.object({
    pocketbase: z.url(),
    identity: z.url(),
    billing: z.url(),
    portal: z.url(),
    imprint: z.url().nullable(),
    privacy: z.url().nullable(),
  }),
  serviceTokenId: z.uuid(),
});
export type BundleFacts = z.infer<typeof bundleFacts>;

/** Variables that follow from what the bundle is for. */
function factVariables({ tenant, core, webui }: BundleFacts): Record<string, string> {
  const hosts = hostsOf(tenant.domain, webui);
  return {
    TENANT_SLUG: tenant.slug,
    COMPOSE_PROJECT_NAME: `cloudfreedom-${tenant.slug}`,
    TENANT_ID: tenant.id,
    AI_DOMAIN: hosts.ai,
    APP_DOMAIN: hosts.app,
    WEBUI_DOMAIN: hosts.webui ?? '',
    API_URL: core.identity,
    BILLING_URL: core.billing,
    PORTAL_URL: core.portal,
  };
}

/** Where nobody said otherwise. */
function defaultVariables({ tenant, core, webui }: BundleFacts): Record<string, string> {
  const isDemo = tenant.type === 'demo';
  return {
    SIMULATED_PROVIDER_URL: isDemo ? 'http://tenant-simulator:8080' : '',
    SIMULATED_PROVIDERS: isDemo ? 'openai,anthropic,gemini' : '',
    IMPRINT_URL: core.imprint ?? '',
    PRIVACY_URL: core.privacy ?? '',
    WEBUI_ADMIN_EMAIL: webui ? `open-webui@${tenant.domain}` : '',
  };
}

/** What people chose besides stays. */
function profilesOf({ tenant, webui }: BundleFacts, kept = ''): string {
  const others = kept.split(',').filter((name) => name !== '' && name !== 'demo' && name !== 'webui');
  return [...(tenant.type === 'demo' ? ['demo'] : []), ...(webui ? ['webui'] : []), ...others].join(',');
}

/** Variables that stand in a bundle's file and differ from the template's own: secrets, and what people set there. */
export function keptVariables(written: string): Record<string, string> {
  return Object.fromEntries(Object.entries(readVariables(written)).filter(([, value]) => value !== ''));
}

/**
 * @param kept secrets and what people set, by variable
 * @throws TemplateFault where a value can't be written, or the template isn't whole
 */
export function bundleFiles(
  template: Template,
  facts: BundleFacts,
  kept: Readonly<Record<string, string>>,
): BundleFile[] {
  const { list, copied } = partsOf(template);
  const profiles = { COMPOSE_PROFILES: profilesOf(facts, kept.COMPOSE_PROFILES) };
  const content = fillVariables(list, { ...defaultVariables(facts), ...kept, ...factVariables(facts), ...profiles });
  return [
    ...copied.map(([path, text]) => ({ path, content: text, secret: false })),
    { path: SECRETS_FILE, content, secret: true },
    { path: BUNDLE_FILE, content: `${JSON.stringify(facts, null, 2)}\n`, secret: false },
  ];
}
