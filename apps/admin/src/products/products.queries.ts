import { recordId } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { changedFields, saveRecord } from '../records/save-record.ts';
import { type ManagedProduct, managedProduct, productValues } from './product-values.ts';

const MANAGED = ['managed products'];
const WITH_MODELS = { expand: 'models' };

export function useManagedProducts() {
  const { session } = useApp();
  return useQuery({
    queryKey: MANAGED,
    queryFn: async () => {
      const records = await session.pocketbase.collection('products').getFullList({ sort: 'name', ...WITH_MODELS });
      return z.array(managedProduct).parse(records);
    },
  });
}

/** Public names with how people call them, and one record's id of each. */
export function useModelChoice() {
  const { session } = useApp();
  const deployment = z.object({ id: recordId, name: z.string(), display_name: z.string() });
  return useQuery({
    queryKey: ['model choice'],
    queryFn: async () => {
      const records = await session.pocketbase
        .collection('models')
        .getFullList({ sort: 'name,id', fields: 'id,name,display_name' });
      const byName = new Map<string, { id: string; name: string; title: string }>();
      for (const { id, name, display_name: title } of z.array(deployment).parse(records))
        if (!byName.has(name)) byName.set(name, { id, name, title });
      return [...byName.values()];
    },
  });
}

export interface ProductUse {
  people: number;
  /** Those whose budget is the product's. */
  withoutOwnBudget: number;
}

const peopleByProduct = z.object({ people: z.record(z.string(), z.number()) });

/** How many people have each product, by its id; a tenant's admin is told of the own tenant only. */
export function usePeopleByProduct() {
  const { session } = useApp();
  return useQuery({
    queryKey: ['people by product'],
    queryFn: async () => {
      const { people } = peopleByProduct.parse(await session.pocketbase.send('/api/counts/people-by-product', {}));
      return new Map(Object.entries(people));
    },
  });
}

/** How many people have it; a tenant's admin is told of the own tenant only. */
export function useProductUse(productId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: ['product use', productId],
    queryFn: async (): Promise<ProductUse> => {
      const count = async (filter: string) =>
        (await pocketbase.collection('users').getList(1, 1, { filter, fields: 'id' })).totalItems;
      const filter = pocketbase.filter('product = {:productId}', { productId });
      const [people, withoutOwnBudget] = await Promise.all([
        count(filter),
        count(`${filter} && budget_override_eur = ""`),
      ]);
      return { people, withoutOwnBudget };
    },
  });
}

export function useProductChanges() {
  const { session } = useApp();
  const queries = useQueryClient();
  const onSettled = async () => {
    await Promise.all([MANAGED, ['products']].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  const products = session.pocketbase.collection('products');
  return {
    create: useMutation({
      mutationFn: async (fields: Record<string, unknown>) =>
        managedProduct.parse(await products.create(fields, WITH_MODELS)),
      onSettled,
    }),
    save: useMutation({
      mutationFn: async ({ opened, changes }: { opened: ManagedProduct; changes: Record<string, unknown> }) => {
        const isAsOpened = (record: unknown) =>
          changedFields(productValues(opened), productValues(managedProduct.parse(record))).length === 0;
        return saveRecord(session.pocketbase, 'products', { id: opened.id, isAsOpened, changes, ...WITH_MODELS });
      },
      onSettled,
    }),
  };
}
