/** Demo data, made once per data directory through the same interfaces that people use; every step can be run again. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import {
  apiKeyCreateResponse,
  SESSION_TOKEN_TYPE,
  serviceTokenCreateResponse,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
} from '@cloudfreedom/contracts';
import PocketBase, { ClientResponseError, type RecordModel } from 'pocketbase';
import type { z } from 'zod';
import { applyChanges, planChanges } from '../models/changes.ts';
import { readModelFile } from '../models/model-file.ts';
import { Fault } from './fault.ts';
import type { Secrets } from './secrets.ts';
import { ROOT } from './settings.ts';

export interface Addresses {
  pocketbase: string;
  identity: string;
  billing: string;
}

const MODELS = 'tools/seed/models.yaml';
/** Longer than the thirty days of other demos: this one is somebody's own machine. */
const DEMO_MS = 365 * 86_400_000;

const SESSION_SECONDS = 600;
const DEMO_PEOPLE = [
  { email: 'ada@demo.example', name: 'Ada Krüger', product: 'Pro', costCentre: '4100 Entwicklung' },
  { email: 'jonas@demo.example', name: 'Jonas Weiß', product: 'Starter', costCentre: '4200 Vertrieb' },
  { email: 'mira@demo.example', name: 'Mira Öztürk', product: 'Starter', costCentre: '4200 Vertrieb' },
] as const;

async function findOrCreate(
  client: PocketBase,
  collection: string,
  unique: { field: string; value: string },
  fields: Record<string, unknown>,
): Promise<RecordModel> {
  const filter = client.filter(`${unique.field} = {:value}`, { value: unique.value });
  try {
    return await client.collection(collection).getFirstListItem(filter);
  } catch (error) {
    if (!(error instanceof ClientResponseError) || error.status !== 404) throw error;
  }
  return client.collection(collection).create({ [unique.field]: unique.value, ...fields });
}

async function asSuperuser(pocketbaseUrl: string, { superuser }: Secrets): Promise<PocketBase> {
  const client = new PocketBase(pocketbaseUrl);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
  return client;
}

/** The demo tenant's type, and its end where it is a demo. */
const termsOf = (type: string) => ({
  type,
  expires_at: type === 'demo' ? new Date(Date.now() + DEMO_MS).toISOString() : '',
});

/** A demo is all simulated; whoever sets a provider's key wants it used, which is what a dev tenant does. */
export async function keepDemoType(
  pocketbaseUrl: string,
  secrets: Secrets,
  demo: { id: string; type: 'demo' | 'dev' },
): Promise<void> {
  const tenants = (await asSuperuser(pocketbaseUrl, secrets)).collection('tenants');
  const { type } = await tenants.getOne(demo.id);
  if (type !== demo.type && ['demo', 'dev'].includes(type)) await tenants.update(demo.id, termsOf(demo.type));
}

/** Tenants, products, models and people. @returns the id of the demo tenant */
export async function seedPeople(pocketbaseUrl: string, secrets: Secrets): Promise<string> {
  const client = await asSuperuser(pocketbaseUrl, secrets);
  const tenant = (slug: string, name: string, type: string, budget: string) =>
    findOrCreate(
      client,
      'tenants',
      { field: 'slug', value: slug },
      {
        name,
        ...termsOf(type),
        status: 'active',
        time_zone: 'Europe/Berlin',
        locale: 'de',
        monthly_budget_eur: budget,
        markup_percent: '0',
      },
    );
  const product = (name: string, budget: string) =>
    findOrCreate(
      client,
      'products',
      { field: 'name', value: name },
      {
        monthly_budget_eur: budget,
        requests_per_minute: 300,
        tokens_per_minute: 0,
        parallel_requests: 50,
        output_cap_tokens: 4096,
      },
    );
  const operator = await tenant('cloudfreedom', 'CloudFreedom', 'internal', '');
  const demo = await tenant('demo', 'Demo GmbH', 'demo', '250');
  const products = { Starter: await product('Starter', '20'), Pro: await product('Pro', '100') };
  const person = (email: string, password: string, fields: Record<string, unknown>) =>
    findOrCreate(
      client,
      'users',
      { field: 'email', value: email },
      {
        password,
        passwordConfirm: password,
        emailVisibility: true,
        verified: true,
        kind: 'person',
        status: 'active',
        locale: 'de',
        ...fields,
      },
    );
  const { platformAdmin, tenantAdmin, user } = secrets;
  await person(platformAdmin.email, platformAdmin.password, {
    name: 'Petra Plattform',
    role: 'platform_admin',
    tenant: operator.id,
    product: products.Pro.id,
  });
  await person(tenantAdmin.email, tenantAdmin.password, {
    name: 'Anton Admin',
    role: 'tenant_admin',
    tenant: demo.id,
    product: products.Pro.id,
  });
  await person(user.email, user.password, {
    name: 'Uta Demo',
    role: 'member',
    tenant: demo.id,
    product: products.Starter.id,
  });
  for (const { email, name, product: plan, costCentre } of DEMO_PEOPLE)
    await person(email, randomBytes(24).toString('base64url'), {
      name,
      role: 'member',
      tenant: demo.id,
      product: products[plan].id,
      cost_centre: costCentre,
    });
  // After the tenants, which a model may be restricted to. What was changed since stays as it is.
  const plan = await planChanges(client, readModelFile(path.join(ROOT, MODELS), MODELS), false);
  await applyChanges(
    client,
    plan.changes.filter(({ kind }) => kind === 'new'),
  );
  return demo.id;
}

/** A session as the person would have it: a second factor asks nobody here. */
async function openSession(pocketbaseUrl: string, secrets: Secrets, who: { email: string }): Promise<string> {
  const client = new PocketBase(pocketbaseUrl);
  await client.collection('_superusers').authWithPassword(secrets.superuser.email, secrets.superuser.password);
  const people = client.collection('users');
  const { id } = await people.getFirstListItem(client.filter('email = {:email}', { email: who.email }));
  return (await people.impersonate(id, SESSION_SECONDS)).authStore.token;
}

async function readAnswer<S extends z.ZodType>(what: string, response: Response, schema: S): Promise<z.output<S>> {
  const text = await response.text();
  if (!response.ok) throw new Fault(`${what} failed with ${response.status}: ${text.slice(0, 500)}`);
  return schema.parse(JSON.parse(text));
}

/** The proxy's credential at billing, made by the platform admin. */
export async function createServiceToken(urls: Addresses, secrets: Secrets, tenantId: string): Promise<string> {
  const session = await openSession(urls.pocketbase, secrets, secrets.platformAdmin);
  const exchange = await fetch(`${urls.identity}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: session,
      subject_token_type: SESSION_TOKEN_TYPE,
      audience: 'billing',
    }),
  });
  const { access_token } = await readAnswer('The token exchange', exchange, tokenExchangeResponse);
  const response = await fetch(`${urls.billing}/v1/tenants/${tenantId}/service-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'proxy' }),
  });
  return (await readAnswer('Making a service token', response, serviceTokenCreateResponse)).token;
}

/** An API key of the demo user, made by the demo user. */
export async function createApiKey(urls: Addresses, secrets: Secrets): Promise<string> {
  const session = await openSession(urls.pocketbase, secrets, secrets.user);
  const response = await fetch(`${urls.identity}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Demo' }),
  });
  return (await readAnswer('Making an API key', response, apiKeyCreateResponse)).key;
}
