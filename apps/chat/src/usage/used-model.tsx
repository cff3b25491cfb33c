import { ProviderDot, providerOf } from '@cloudfreedom/ui';
import type { ReactNode } from 'react';
import { bareName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';

/** What a model is called where it is chosen; one that is not served any more has its id alone. */
export function useUsedName(): (id: string) => string {
  const models = useModels();
  return (id) => {
    const listed = models.data?.find((model) => model.id === id);
    return listed ? bareName(listed) : id;
  };
}

/** The model of a request that was made, with its provider's colour. */
export function UsedModel({ id, children }: { id: string; children?: ReactNode }) {
  const models = useModels();
  const name = useUsedName()(id);
  const provider = providerOf(models.data?.find((model) => model.id === id)?.owned_by ?? '');
  return (
    <span className="usage-model" title={id}>
      {provider && <ProviderDot provider={provider} />}
      <span>
        {name}
        {children}
      </span>
    </span>
  );
}
