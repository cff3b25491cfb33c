import type { Meter, PriceVersion } from '@cloudfreedom/contracts';
import { ErrorState, useFormat } from '@cloudfreedom/ui';
import { Badge, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useMeterWords, useStepWords } from '../models/words.ts';
import { PriceVersionForm } from './price-version-form.tsx';
import { usePriceVersions } from './prices.queries.ts';
import { When } from './when.tsx';

/** All price versions of one model, newest first, and adding one. */
export function PricePanel({ provider, model }: { provider: string; model: string }) {
  const { t } = useTranslation('app');
  const versions = usePriceVersions(provider, model);
  const [adding, add] = useDisclosure(false);
  if (versions.isError && !versions.data)
    return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <Skeleton height={240} />;
  const current = versions.data.find((version) => version.current) ?? versions.data[0];
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t('prices.versionsText')}
      </Text>
      {adding && current ? (
        <PriceVersionForm current={current} onDone={add.close} />
      ) : (
        <Group>
          <Button variant="default" onClick={add.open}>
            {t('prices.add')}
          </Button>
        </Group>
      )}
      {versions.data.map((version) => (
        <Version key={version.id} version={version} />
      ))}
    </Stack>
  );
}

function Version({ version }: { version: PriceVersion }) {
  const { t } = useTranslation('app');
  const future = Date.parse(version.effectiveFrom) > Date.now();
  return (
    <section className="prices-version">
      <Group gap="xs">
        <Text fw={600}>
          {t('prices.from')} <When at={version.effectiveFrom} />
        </Text>
        {version.current && (
          <Badge variant="light" tt="none">
            {t('prices.current')}
          </Badge>
        )}
        {future && (
          <Badge variant="light" color="gray" tt="none">
            {t('prices.future')}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" mb={6}>
        {t('models.priceSource', { source: version.source })}
      </Text>
      <Steps version={version} />
    </section>
  );
}

function Steps({ version }: { version: PriceVersion }) {
  const { t } = useTranslation('app');
  const meters = useMeterWords();
  const stepOf = useStepWords();
  const { usd } = useFormat();
  return (
    <Table className="portal-table" verticalSpacing={4} aria-label={t('prices.ofVersion')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('models.perMillion')}</Table.Th>
          <Table.Th ta="right">{t('prices.usd')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {version.steps.flatMap((step) =>
          (Object.entries(step.usdPerMillion) as [Meter, string][]).map(([meter, price]) => (
            <Table.Tr key={`${step.serviceTier} ${step.aboveInputTokens} ${meter}`}>
              <Table.Td>
                {meters[meter]}
                {(step.serviceTier !== 'standard' || step.aboveInputTokens > 0) && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    {stepOf(step)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right" className="cf-number">
                {usd(price)}
              </Table.Td>
            </Table.Tr>
          )),
        )}
      </Table.Tbody>
    </Table>
  );
}
