import type { DeploymentHealth, KnownProxy, ModelProvider } from '@cloudfreedom/contracts';
import { ErrorState, Moment, useFormat } from '@cloudfreedom/ui';
import { Skeleton, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeployments, useProxies } from '../models/models.queries.ts';
import { useProviderTitle } from '../models/words.ts';

/** How the tenant's proxies said they are: each one that is up, or the last that was heard of. */
export function ProxyHealth({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('app');
  const proxies = useProxies(tenantId);
  if (proxies.isError && !proxies.data)
    return <ErrorState error={proxies.error} onRetry={() => void proxies.refetch()} />;
  if (!proxies.data) return <Skeleton height={120} />;
  if (proxies.data.items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('proxy.never')}
      </Text>
    );
  return proxies.data.items.map((proxy) => <TenantProxy key={proxy.instance} proxy={proxy} />);
}

function TenantProxy({ proxy }: { proxy: KnownProxy }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const failing = proxy.deployments.filter(({ circuit }) => circuit !== 'closed');
  return (
    <Stack gap={6} mb="md">
      <span className="portal-status" data-status={proxy.up ? 'active' : 'suspended'}>
        {proxy.up ? <IconCircleCheck size={16} aria-hidden /> : <IconCircleX size={16} aria-hidden />}
        {proxy.up ? t('proxy.up') : t('proxy.down')}
      </span>
      {!proxy.up && <Text size="sm">{t('proxy.downText', { time: format.relative(proxy.reportedAt) })}</Text>}
      <dl className="portal-details">
        <Detail name={t('proxy.checked')}>
          <Moment at={proxy.reportedAt} />
        </Detail>
        <Detail name={t('proxy.version')}>{proxy.version}</Detail>
        <Detail name={t('proxy.started')}>
          <Moment at={proxy.startedAt} />
        </Detail>
        <Detail name={t('proxy.outbox')}>
          <Outbox depth={proxy.outboxDepth} />
        </Detail>
        <Detail name={t('proxy.providers')}>
          <Providers deployments={proxy.deployments} />
        </Detail>
        <Detail name={t('proxy.failing')}>
          {failing.length === 0 ? t('proxy.none') : format.list(failing.map(({ deployment }) => deployment))}
        </Detail>
      </dl>
    </Stack>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Outbox({ depth }: { depth: number | null }) {
  const { t } = useTranslation('app');
  const { number } = useFormat();
  if (depth === null) return t('proxy.outboxUnknown');
  return depth === 0 ? number(depth) : `${number(depth)}. ${t('proxy.outboxText')}`;
}

/** The best that any deployment of a provider has: a key, the simulator, or nobody. */
function Providers({ deployments }: { deployments: readonly DeploymentHealth[] }) {
  const { t } = useTranslation('app');
  const titleOf = useProviderTitle();
  const format = useFormat();
  const known = useDeployments();
  const best = new Map<ModelProvider, DeploymentHealth['servedBy']>();
  const ranks = ['nobody', 'simulator', 'provider'];
  for (const { deployment, servedBy } of deployments) {
    const provider = known.data?.find((record) => record.deployment === deployment)?.provider;
    if (!provider) continue;
    const before = best.get(provider);
    if (before === undefined || ranks.indexOf(servedBy) > ranks.indexOf(before)) best.set(provider, servedBy);
  }
  const said = [...best].map(([name, servedBy]) => {
    const provider = titleOf(name);
    const words = {
      provider: t('proxy.byProvider', { provider }),
      simulator: t('proxy.bySimulator', { provider }),
      nobody: t('proxy.byNobody', { provider }),
    };
    return words[servedBy];
  });
  return said.length === 0 ? t('proxy.none') : format.list(said);
}
