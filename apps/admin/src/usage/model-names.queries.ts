import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';

const HALF_HOUR_MS = 30 * 60_000;
const named = z.array(z.object({ name: z.string(), display_name: z.string() }));

/** Names for people by a model's id. Models that are no longer offered are missing in it. */
export function useModelNames() {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: ['model names'],
    staleTime: HALF_HOUR_MS,
    queryFn: async () => {
      const models = await pocketbase.collection('models').getFullList({ fields: 'name,display_name' });
      return new Map(named.parse(models).map((model) => [model.name, model.display_name]));
    },
  });
}
