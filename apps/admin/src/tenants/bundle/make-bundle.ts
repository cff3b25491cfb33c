/** A tenant's bundle, put together in this browser: nobody else learns the passwords in it. Loaded when it is asked for. */
import {
  type BundleFacts,
  bundleFiles,
  type CoreCalls,
  completeSecrets,
  hostsOf,
  issueClient,
  issueServiceToken,
  packBundle,
  templateVersion,
} from '@cloudfreedom/tenant-bundle';
import type { IssuedSecrets } from './bundle-wish.ts';
import { template } from './template.ts';

/**
 * @param issued what an attempt before has got already; what this one gets is added, so that a failure loses nothing
 * @throws what `core` throws; TemplateFault where a value can't stand in the file
 */
export async function makeBundle(
  given: Pick<BundleFacts, 'tenant' | 'webui' | 'core'>,
  core: CoreCalls,
  issued: IssuedSecrets,
): Promise<Blob> {
  const { tenant, webui } = given;
  issued.variables = { ...issued.variables, ...completeSecrets(issued.variables, webui) };
  if (issued.serviceTokenId === null) {
    const { id, token } = await issueServiceToken(core, tenant.id);
    issued.serviceTokenId = id;
    issued.variables.BILLING_SERVICE_TOKEN = token;
  }
  if (webui && !issued.variables.WEBUI_CLIENT_SECRET) {
    const { id, secret } = await issueClient(core, tenant.id, `https://${hostsOf(tenant.domain, true).webui}`);
    issued.variables.WEBUI_CLIENT_ID = id;
    issued.variables.WEBUI_CLIENT_SECRET = secret;
  }
  const facts = { ...given, templateVersion: await templateVersion(template), serviceTokenId: issued.serviceTokenId };
  return packBundle(tenant.slug, bundleFiles(template, facts, issued.variables), new Date());
}
