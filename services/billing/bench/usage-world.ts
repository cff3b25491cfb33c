/** Whose usage it is: one tenant, for that is the hardest. */
export interface UsageWorld {
  tenantId: string;
  people: number;
  costCentres: number;
  products: number;
  models: number;
}

/** Ids are a prefix and a number of ten digits. Every fifth person has a key. */
export const prefixOf = { person: 'prson', key: 'apkey', product: 'prdct' };

export const idOf = (kind: keyof typeof prefixOf, number: number) => prefixOf[kind] + String(number).padStart(10, '0');
