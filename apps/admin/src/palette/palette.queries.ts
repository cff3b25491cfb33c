import { recordId } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { z } from 'zod';

const LETTERS_MIN = 2;
const SHOWN = 5;
const person = z.object({ id: recordId, name: z.string(), email: z.string().default('') });
const apiKey = z.object({ id: recordId, name: z.string(), prefix: z.string(), user: recordId });

/** People by name or address and API keys by prefix or name, of one tenant, a few of each. */
export function useFound(tenantId: string, typed: string) {
  const { pocketbase } = useApp().session;
  const search = typed.trim();
  return useQuery({
    queryKey: ['palette', tenantId, search],
    enabled: search.length >= LETTERS_MIN,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const few = { skipTotal: true, sort: 'name,id' };
      const values = { tenantId, search };
      const [people, keys] = await Promise.all([
        pocketbase.collection('users').getList(1, SHOWN, {
          ...few,
          filter: pocketbase.filter('tenant = {:tenantId} && (name ~ {:search} || email ~ {:search})', values),
        }),
        pocketbase.collection('api_keys').getList(1, SHOWN, {
          ...few,
          filter: pocketbase.filter('tenant = {:tenantId} && (prefix ~ {:search} || name ~ {:search})', values),
        }),
      ]);
      return { people: z.array(person).parse(people.items), keys: z.array(apiKey).parse(keys.items) };
    },
  });
}
