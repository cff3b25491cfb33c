import { type NewInvitation, recordId, sentInvitation } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { invitation } from './invitation.ts';

const SHOWN = 100;
const product = z.object({ id: recordId, name: z.string(), monthly_budget_eur: z.string() });
type Product = z.infer<typeof product>;
const invitationsKey = (tenantId: string) => ['invitations', tenantId];

/** Those who were invited and have not come yet, newest first. */
export function useInvitations(tenantId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: invitationsKey(tenantId),
    queryFn: async () => {
      const filter = pocketbase.filter('tenant = {:tenantId}', { tenantId });
      const list = await pocketbase.collection('invitations').getList(1, SHOWN, { filter, sort: '-created,id' });
      return z.array(invitation).parse(list.items);
    },
  });
}

/** For an order only: rounding harms nobody. */
const byBudget = (one: Product, other: Product) => Number(one.monthly_budget_eur) - Number(other.monthly_budget_eur);

/** Products that somebody can be given, the smallest budget first. */
export function useProducts() {
  const { session } = useApp();
  return useQuery({
    queryKey: ['products'],
    queryFn: async () => {
      const records = await session.pocketbase.collection('products').getFullList({ sort: 'name' });
      return z.array(product).parse(records).sort(byBudget);
    },
  });
}

/** Make, send again and withdraw. Each answers after PocketBase has done it. */
export function useInvitationChanges(tenantId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: invitationsKey(tenantId) });
  const post = async (path: string, body: object = {}) =>
    sentInvitation.parse(await session.pocketbase.send(path, { method: 'POST', body }));
  return {
    invite: useMutation({ mutationFn: (fields: NewInvitation) => post('/api/invitations', fields), onSettled }),
    sendAgain: useMutation({ mutationFn: (id: string) => post(`/api/invitations/${id}/send`), onSettled }),
    withdraw: useMutation({
      mutationFn: (id: string) => session.pocketbase.collection('invitations').delete(id),
      onSettled,
    }),
  };
}
