import { listedModels } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useServiceUrls } from '../shell/service-urls.ts';
import { defaultModel } from './default-model.ts';

/** The models that can chat. */
export function useModels() {
  const { session } = useApp();
  const { proxyUrl } = useServiceUrls();
  return useQuery({
    queryKey: ['models'],
    queryFn: async ({ signal }) =>
      (await session.services.json(listedModels, `${proxyUrl}/v1/models`, { signal })).data.filter(
        ({ kind }) => kind === 'chat',
      ),
  });
}

/** The model used last on this device where it is still listed, else a default. undefined: none is listed. */
export function useChosenModel() {
  const models = useModels();
  const [stored, choose] = useLocalStorage({
    key: 'cloudfreedom-model',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const chosen = models.data && defaultModel(models.data, stored);
  return { models, chosen, choose };
}
