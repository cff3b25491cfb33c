import {
  METERS,
  SERVICE_TIERS,
  type TenantPrice,
  type TenantPriceStep,
  type TenantPrices,
} from '@cloudfreedom/contracts';
import { Moment, Money, useFormat } from '@cloudfreedom/ui';
import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMeterWords, useStepWords } from './words.ts';

/** All prices of a deployment at this tenant: what the provider takes, and what budgets pay with the mark-up. */
export function TenantPriceList({ price, prices }: { price: TenantPrice; prices: TenantPrices }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const rate = prices.exchangeRate;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('models.priceText', { percent: format.number(Number(prices.markupPercent)) })}
      </Text>
      {price.steps.toSorted(byTier).map((step) => (
        <StepTable key={`${step.serviceTier} ${step.aboveInputTokens}`} step={step} />
      ))}
      <Text size="xs" c="dimmed">
        {t('models.priceSource', { source: price.source })}, {t('prices.since')} <Moment at={price.effectiveFrom} />
        {rate && (
          <>
            {' · '}
            {t('models.priceRate', { rate: format.exactNumber(rate.eurPerUsd) })} <Moment at={rate.quotedAt} />
          </>
        )}
      </Text>
      {rate?.stale && (
        <Text size="sm" className="models-warning">
          {t('rates.stale')}
        </Text>
      )}
    </Stack>
  );
}

/** The usual one first. */
const byTier = (a: TenantPriceStep, b: TenantPriceStep) =>
  SERVICE_TIERS.indexOf(a.serviceTier) - SERVICE_TIERS.indexOf(b.serviceTier) ||
  a.aboveInputTokens - b.aboveInputTokens;

function StepTable({ step }: { step: TenantPriceStep }) {
  const { t } = useTranslation('app');
  const meters = useMeterWords();
  const title = useStepWords()(step);
  const charged = METERS.flatMap((meter) => {
    const charge = step.charge[meter];
    return charge === undefined ? [] : [[meter, charge] as const];
  });
  return (
    <Table className="portal-table models-prices" aria-label={title} verticalSpacing={6} captionSide="top">
      <Table.Caption>{title}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('models.perMillion')}</Table.Th>
          <Table.Th ta="right">{t('models.cost')}</Table.Th>
          <Table.Th ta="right">{t('models.charge')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {charged.map(([meter, charge]) => (
          <Table.Tr key={meter}>
            <Table.Td>{meters[meter]}</Table.Td>
            <Table.Td ta="right">
              <Money amount={step.cost[meter] ?? charge} />
            </Table.Td>
            <Table.Td ta="right" fw={550}>
              <Money amount={charge} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
