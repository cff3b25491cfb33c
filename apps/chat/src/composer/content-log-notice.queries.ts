import { contentLogNotice } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { useServiceUrls } from '../shell/service-urls.ts';

/** An open page hears of it soon when it is switched on. */
const ASK_AGAIN_MS = 10_000;

/** How many days requests and answers are kept; 0: not at all. The proxy says so, which is who keeps them. */
export function useContentLogNotice() {
  const { session } = useApp();
  const { proxyUrl } = useServiceUrls();
  return useQuery({
    queryKey: ['content log'],
    queryFn: ({ signal }) => session.services.json(contentLogNotice, `${proxyUrl}/v1/content-log`, { signal }),
    refetchInterval: ASK_AGAIN_MS,
    refetchOnWindowFocus: 'always',
  });
}
