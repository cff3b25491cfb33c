/** What a tenant is made of, with every credential that it has: one side of the isolation table. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { audienceOf } from '@cloudfreedom/contracts';
import { readVariables, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { send } from '../access/ask.ts';
import { accessToken, newPerson, superuser } from '../stack/people.ts';
import type { RunningTenant } from '../stack/running-tenant.ts';
import type { Credential } from './isolation-table.ts';
import { openWebUiHeaders } from './open-webui-header.ts';
import { startWebUiStores, type WebUiStores } from './webui-stores.ts';

export interface Side extends RunningTenant {
  id: string;
  /** A name that stands in the tenant's own data and nowhere else. */
  telltale: string;
  /** An API key of its admin: what the tenant's own service token may ask billing about. */
  apiKey: string;
  clientId: string;
  clientSecret: string;
  /** The person's account at the tenant's Open WebUI, which its proxy knows. */
  accountId: string;
  webui: WebUiStores;
  credentials: Record<Credential, string>;
}

/** Told to the proxy as Open WebUI tells it: with a request from the person's browser. */
async function enterAccount({ proxy }: RunningTenant['urls'], credentials: Side['credentials']): Promise<string> {
  const accountId = randomUUID();
  const headers = openWebUiHeaders(
    accountId,
    credentials['service key of Open WebUI'],
    credentials["secret of Open WebUI's header"],
  );
  const { status, text } = await send(
    'GET',
    `${proxy}/v1/models`,
    credentials['access token for the proxy'],
    undefined,
    headers,
  );
  if (status !== 200) throw new Error(`the proxy takes no account of Open WebUI: ${status} ${text}`);
  return accountId;
}

/** The credentials are those of a tenant admin, who may do the most in a tenant. */
export async function gatherSide(tenantsFolder: string, slug: string, running: RunningTenant): Promise<Side> {
  const secrets = readVariables(readFileSync(path.join(tenantsFolder, slug, SECRETS_FILE), 'utf8'));
  const admin = await superuser();
  const tenant = await admin.collection('tenants').getFirstListItem(admin.filter('slug = {:slug}', { slug }));
  const person = await newPerson({ tenant: tenant.id, role: 'tenant_admin', name: `Admin of ${slug}` });
  const secret = (name: string) => secrets[name] ?? '';
  const credentials: Side['credentials'] = {
    'session of an admin': person.session,
    'access token for billing': await accessToken(person.session, audienceOf.billing),
    'access token for the proxy': await accessToken(person.session, audienceOf.proxy(tenant.id)),
    'access token for conversations': await accessToken(person.session, audienceOf.conversations(tenant.id)),
    'API key of an admin': person.apiKey,
    'service token': secret('BILLING_SERVICE_TOKEN'),
    'password of Postgres': secret('POSTGRES_PASSWORD'),
    'password of Redis': secret('REDIS_PASSWORD'),
    'encryption of provider keys': secret('PROVIDER_KEY_ENCRYPTION_KEY'),
    "Open WebUI's client": secret('WEBUI_CLIENT_SECRET'),
    'service key of Open WebUI': secret('WEBUI_SERVICE_KEY'),
    "secret of Open WebUI's header": secret('WEBUI_USER_JWT_SECRET'),
    "password of Open WebUI's Postgres": secret('WEBUI_POSTGRES_PASSWORD'),
    "password of Open WebUI's Redis": secret('WEBUI_REDIS_PASSWORD'),
  };
  return {
    ...running,
    id: tenant.id,
    telltale: slug,
    apiKey: person.apiKey,
    clientId: secret('WEBUI_CLIENT_ID'),
    clientSecret: secret('WEBUI_CLIENT_SECRET'),
    accountId: await enterAccount(running.urls, credentials),
    webui: await startWebUiStores(path.join(tenantsFolder, slug), secret),
    credentials,
  };
}
