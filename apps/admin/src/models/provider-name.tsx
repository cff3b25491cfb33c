import type { ModelProvider } from '@cloudfreedom/contracts';
import { ProviderBadge, providerOf } from '@cloudfreedom/ui';
import { useProviderTitle } from './words.ts';

/** The provider's badge; a plain one for a server of one's own. */
export function ProviderName({ provider }: { provider: ModelProvider }) {
  const title = useProviderTitle();
  const known = providerOf(provider);
  if (known) return <ProviderBadge provider={known} />;
  return <span className="cf-provider-badge models-own-server">{title(provider)}</span>;
}
