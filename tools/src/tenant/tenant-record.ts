/** The tenant in PocketBase: found by its slug, else made; nothing that is there is written over. */
import { type BundleFacts, hostsOf } from '@cloudfreedom/tenant-bundle';
import type PocketBase from 'pocketbase';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';

const record = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  type: z.enum(['internal', 'demo', 'dev', 'enterprise']),
  status: z.enum(['active', 'suspended']),
  single_sign_on_required: z.boolean(),
  domains: z.preprocess((value) => value || [], z.array(z.string())),
});
export type TenantRecord = z.infer<typeof record>;

export interface TenantWish {
  slug: string;
  name: string;
  type: BundleFacts['tenant']['type'];
  domain: string;
  webui: boolean;
  productId: string;
  /** Of a tenant that is there: other hosts too. */
  takeOver: boolean;
}

/** null: there is none. */
export async function findTenant(pocketbase: PocketBase, slug: string): Promise<TenantRecord | null> {
  const filter = pocketbase.filter('slug = {:slug}', { slug });
  const { items } = await pocketbase.collection('tenants').getList(1, 1, { filter });
  return items[0] ? record.parse(items[0]) : null;
}

export async function listTenants(pocketbase: PocketBase): Promise<TenantRecord[]> {
  return z.array(record).parse(await pocketbase.collection('tenants').getFullList({ sort: 'slug' }));
}

/** @throws Fault naming those that there are */
export async function findProduct(pocketbase: PocketBase, name: string): Promise<{ id: string; name: string }> {
  const products = await pocketbase.collection('products').getFullList({ sort: 'name' });
  const found = products.filter((product) => product.name.toLowerCase() === name.toLowerCase());
  const [product] = found;
  if (found.length > 1)
    throw new Fault(`--product: ${found.length} products are called ${name}: rename one in the portal.`);
  if (product) return { id: product.id, name: product.name };
  const names = products.map((other) => other.name).join(', ');
  throw new Fault(`--product: there is no product ${name}; there are: ${names || 'none yet, make one in the portal'}.`);
}

/** A developer's own machine, which any tenant may name. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1'];

/** Another domain is added to a record that has one only where that is asked for. @throws Fault */
function checkDomains({ slug, domains }: TenantRecord, { domain, takeOver }: TenantWish): void {
  const { ai, app } = hostsOf(domain, false);
  const isElsewhere = domains.some((host) => !LOCAL_HOSTS.includes(host));
  if (takeOver || !isElsewhere || (domains.includes(ai) && domains.includes(app))) return;
  throw new Fault(
    `--domain: the tenant ${slug} has ${domains.join(', ')}, not ${ai} and ${app}. Nothing was changed. Name the domain that it has, or add the hosts to its domains in the portal; --take-over adds them too, and ends the access of what is deployed elsewhere.`,
  );
}

/** Everything that would be refused later, asked before anything is written. @returns the tenant that is there already */
export function checkWish(tenants: TenantRecord[], wish: TenantWish): TenantRecord | null {
  const hosts = Object.values(hostsOf(wish.domain, wish.webui));
  const taken = tenants.find(({ slug, domains }) => slug !== wish.slug && domains.some((host) => hosts.includes(host)));
  if (taken)
    throw new Fault(`--domain: ${wish.domain} belongs to the tenant ${taken.slug} already; choose another domain.`);
  const own = tenants.find(({ slug }) => slug === wish.slug);
  if (!own) return null;
  if (own.type !== wish.type)
    throw new Fault(`--type: the tenant ${own.slug} is there already, as ${own.type}; change its type in the portal.`);
  if (own.status !== 'active')
    throw new Fault(`The tenant ${own.slug} is suspended: npm run tenant -- resume ${own.slug}.`);
  checkDomains(own, wish);
  return own;
}

export async function ensureTenant(
  pocketbase: PocketBase,
  wish: TenantWish,
  existing: TenantRecord | null,
): Promise<TenantRecord> {
  const hosts = Object.values(hostsOf(wish.domain, wish.webui));
  const tenants = pocketbase.collection('tenants');
  if (!existing)
    return record.parse(
      await tenants.create({
        slug: wish.slug,
        name: wish.name,
        type: wish.type,
        domains: hosts,
        sign_up_product: wish.productId,
      }),
    );
  const missing = hosts.filter((host) => !existing.domains.includes(host));
  if (missing.length === 0) return existing;
  return record.parse(await tenants.update(existing.id, { domains: [...existing.domains, ...missing] }));
}
