import { listedModels } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useServiceUrls } from '../shell/service-urls.ts';

export function useModels() {
  const { session } = useApp();
  const { proxyUrl } = useServiceUrls();
  return useQuery({
    queryKey: ['models'],
    queryFn: async ({ signal }) =>
      (await session.services.json(listedModels, `${proxyUrl}/v1/models`, { signal })).data,
  });
}

/** The model chosen last on this device where it is still listed, else the first. undefined: none is listed. */
export function useChosenModel() {
  const models = useModels();
  const [stored, choose] = useLocalStorage({
    key: 'cloudfreedom-model',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const chosen = models.data?.find((model) => model.id === stored) ?? models.data?.[0];
  return { models, chosen, choose };
}
