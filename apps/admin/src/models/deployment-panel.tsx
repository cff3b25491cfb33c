import type { TenantPrices } from '@cloudfreedom/contracts';
import { useFormat, usePerson } from '@cloudfreedom/ui';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Question } from '../records/question.tsx';
import { PanelSection } from '../records/record-panel.tsx';
import { AvailabilityMark } from './availability-mark.tsx';
import type { Availability, ModelDeployment } from './deployment.ts';
import { DeploymentForm } from './deployment-form.tsx';
import { useDeploymentChanges } from './models.queries.ts';
import { TenantPriceList } from './tenant-price-list.tsx';
import {
  useAvailabilityWords,
  useDeploymentFieldNames,
  useInabilityWords,
  useProviderTitle,
  useReasoningWords,
  useRegionWords,
} from './words.ts';

interface DeploymentPanelProps {
  record: ModelDeployment;
  state: Availability | undefined;
  prices: TenantPrices | undefined;
  onAddFurther: () => void;
}

/** One deployment: how it stands, what it costs here, and what it is; platform admins change it. */
export function DeploymentPanel({ record, state, prices, onAddFurther }: DeploymentPanelProps) {
  const { t } = useTranslation('app');
  const words = useAvailabilityWords();
  const mayChange = usePerson().role === 'platform_admin';
  const price = prices?.items.find(({ deploymentId }) => deploymentId === record.id);
  return (
    <Stack gap="xl">
      <Stack gap={6} align="flex-start">
        {state && <AvailabilityMark availability={state} />}
        {state && (
          <Text size="sm" c="dimmed">
            {words(state).meaning}
          </Text>
        )}
        {mayChange && <Switching record={record} onAddFurther={onAddFurther} />}
      </Stack>
      {price && prices && (
        <PanelSection title={t('models.prices')}>
          <TenantPriceList price={price} prices={prices} />
        </PanelSection>
      )}
      <PanelSection title={t('models.details')}>
        {mayChange ? <DeploymentForm record={record} onCreated={() => undefined} /> : <Details record={record} />}
      </PanelSection>
    </Stack>
  );
}

function Switching({ record, onAddFurther }: { record: ModelDeployment; onAddFurther: () => void }) {
  const { t } = useTranslation('app');
  const [opened, question] = useDisclosure(false);
  const { setEnabled } = useDeploymentChanges();
  const { id, enabled, deployment } = record;
  return (
    <Group gap="xs" mt={6}>
      <Button size="xs" variant="default" className={enabled ? 'portal-danger' : ''} onClick={question.open}>
        {enabled ? t('models.disable') : t('models.enable')}
      </Button>
      <Button size="xs" variant="default" onClick={onAddFurther}>
        {t('models.addFurther')}
      </Button>
      <Question
        opened={opened}
        title={enabled ? t('models.disableTitle', { name: deployment }) : t('models.enableTitle', { name: deployment })}
        text={enabled ? t('models.disableText') : t('models.enableText')}
        action={enabled ? t('models.disable') : t('models.enable')}
        dangerous={enabled}
        busy={setEnabled.isPending}
        error={setEnabled.error}
        onConfirm={() => setEnabled.mutate({ id, enabled: !enabled }, { onSuccess: question.close })}
        onClose={question.close}
      />
    </Group>
  );
}

/** For those who may not change it. */
function Details({ record }: { record: ModelDeployment }) {
  const { t } = useTranslation('app');
  const labels = useDeploymentFieldNames();
  const regions = useRegionWords();
  const reasoning = useReasoningWords();
  const inabilities = useInabilityWords();
  const providerTitle = useProviderTitle();
  const format = useFormat();
  const details: [string, string][] = [
    [labels.name, record.name],
    [labels.deployment, record.deployment],
    [labels.provider, providerTitle(record.provider)],
    [labels.upstream_model, record.upstream_model],
    [labels.region, regions[record.region]],
    [labels.processor, record.processor || t('models.notSaid')],
    [labels.context_tokens, format.number(record.context_tokens)],
    ...(record.kind === 'chat'
      ? ([
          [labels.output_tokens_max, format.number(record.output_tokens_max)],
          [labels.reasoning, reasoning[record.reasoning]],
        ] as [string, string][])
      : []),
    [labels.unsupported, format.list(record.unsupported.map((name) => inabilities[name])) || t('models.nothing')],
  ];
  return (
    <dl className="portal-details">
      {details.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
