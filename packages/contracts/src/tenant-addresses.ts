/** Where a tenant's own services are, for pages of the core: each tenant has its own proxy and its own chat. */

const BEGINNING = { proxy: 'ai.', chat: 'app.' };

/**
 * Origin of a tenant's proxy or chat: of its own domains the one that begins as such a place does (`ai.`, `app.`), by https;
 * without one the core's address for all tenants, in which `{tenant}` stands for the slug. PocketBase's hooks do the same
 * for links in mails (`app-links.js`). @returns null where neither is known
 */
export function tenantAddress(
  of: keyof typeof BEGINNING,
  template: string | null,
  { slug, domains }: { slug: string; domains: string[] },
): string | null {
  const own = domains.find((domain) => domain.startsWith(BEGINNING[of]));
  if (own !== undefined) return `https://${own}`;
  return template?.replace('{tenant}', slug) ?? null;
}
