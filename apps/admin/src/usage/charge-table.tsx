import type { ChargeCalculation, UsageDetail } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { decimalText, euroText } from './decimal-text.ts';
import { useMeterWords } from './words.ts';

/** Units × price × rate × mark-up with every digit; rounded only where it says so. */
export function ChargeTable({ detail }: { detail: UsageDetail }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { calculation } = detail;
  if (!calculation) return <Text c="dimmed">{t('detail.noCalculation')}</Text>;
  const { priceVersion, serviceTier } = calculation;
  const version = {
    id: priceVersion.id,
    date: format.dateTime(priceVersion.effectiveFrom),
    source: priceVersion.source,
  };
  return (
    <Stack gap="sm">
      <div className="usage-sideways">
        <Table className="usage-charge" horizontalSpacing={6} verticalSpacing={6} aria-label={t('detail.calculation')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('detail.meter')}</Table.Th>
              <Table.Th ta="right">{t('detail.price')}</Table.Th>
              <Table.Th ta="right">{t('detail.usd')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Lines calculation={calculation} />
          <Steps calculation={calculation} />
        </Table>
      </div>
      <Text size="xs" c="dimmed">
        {t('detail.priceVersion', version)}. {t('detail.tier', { tier: serviceTier })}
      </Text>
    </Stack>
  );
}

function Lines({ calculation }: { calculation: ChargeCalculation }) {
  const { t } = useTranslation('app');
  const { language, number } = useFormat();
  const meters = useMeterWords();
  return (
    <Table.Tbody>
      {calculation.lines.map(({ meter, pricedAs, units, usdPerMillion, usd }) => (
        <Table.Tr key={meter}>
          <Table.Td>
            {number(units)} {meters[meter]}
            {pricedAs !== meter && (
              <Text span size="xs" c="dimmed" display="block">
                {t('detail.pricedAs', { meter: meters[pricedAs] })}
              </Text>
            )}
          </Table.Td>
          <Table.Td ta="right">{decimalText(usdPerMillion, language)}</Table.Td>
          <Table.Td ta="right">{decimalText(usd, language)}</Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  );
}

function Steps({ calculation }: { calculation: ChargeCalculation }) {
  const { t } = useTranslation('app');
  const { language, exactMoney } = useFormat();
  const exact = (text: string) => decimalText(text, language);
  const { usd, eurPerUsd, eur, markupPercent, eurWithMarkup, cost, charge } = calculation;
  const markup = markupPercent === '0' ? t('detail.noMarkup') : t('detail.markup', { percent: exact(markupPercent) });
  return (
    <Table.Tbody className="usage-steps">
      <Step name={t('detail.sum')} value={`${exact(usd)} USD`} />
      <Step name={t('detail.rate', { rate: exact(eurPerUsd) })} value={euroText(eur, language)} />
      <Step name={t('detail.cost')} value={exactMoney(cost)} />
      <Step name={markup} value={euroText(eurWithMarkup, language)} />
      <Step name={t('detail.charge')} value={exactMoney(charge)} strong />
    </Table.Tbody>
  );
}

function Step({ name, value, strong = false }: { name: string; value: string; strong?: boolean }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" colSpan={2}>
        {name}
      </Table.Th>
      <Table.Td ta="right" fw={strong ? 650 : 400}>
        {value}
      </Table.Td>
    </Table.Tr>
  );
}
