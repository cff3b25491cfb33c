import type { ChargeCalculation, Meter, UsageDetail } from '@cloudfreedom/contracts';
import { ApiFailure, ErrorState, useFormat } from '@cloudfreedom/ui';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCalculation } from './usage.queries.ts';

/** Units × price × rate × mark-up, every digit of it. */
export function Calculation({ of }: { of: { requestId: string } | { reservationId: string } }) {
  const { t } = useTranslation('app');
  const detail = useCalculation(of);
  if (detail.error instanceof ApiFailure && detail.error.status === 404) return <Text>{t('calculation.none')}</Text>;
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />;
  if (detail.isPending) return <Skeleton height={180} />;
  if (!detail.data) return <Text>{t('calculation.waiting')}</Text>;
  if (!detail.data.calculation) return <Text>{t('calculation.none')}</Text>;
  return <Steps detail={detail.data} calculation={detail.data.calculation} />;
}

function Steps({ detail, calculation }: { detail: UsageDetail; calculation: ChargeCalculation }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const meterNames: Record<Meter, string> = {
    uncached_input: t('calculation.meters.uncached_input'),
    cache_read: t('calculation.meters.cache_read'),
    cache_write: t('calculation.meters.cache_write'),
    cache_write_1h: t('calculation.meters.cache_write_1h'),
    input_audio: t('calculation.meters.input_audio'),
    output_audio: t('calculation.meters.output_audio'),
    output_text: t('calculation.meters.output_text'),
    reasoning: t('calculation.meters.reasoning'),
    output_image: t('calculation.meters.output_image'),
    server_tool_call: t('calculation.meters.server_tool_call'),
  };
  const exact = (text: string) => (format.language === 'de' ? text.replace('.', ',') : text);
  const { usd, eurPerUsd, eur, markupPercent, eurWithMarkup, charge, priceVersion } = calculation;
  const used = calculation.lines.filter(({ units }) => units > 0);
  const lines = used.length > 0 ? used : calculation.lines;
  return (
    <Stack gap="sm">
      {/** biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="usage-sideways" aria-label={t('calculation.title')} tabIndex={0}>
        <table className="usage-calculation">
          <thead>
            <tr>
              <th scope="col">{t('calculation.units')}</th>
              <th scope="col">{t('calculation.price')}</th>
              <th scope="col">{t('calculation.usd')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ meter, units, usdPerMillion, usd: lineUsd }) => (
              <tr key={meter}>
                <th scope="row">
                  {format.number(units)} {meterNames[meter]}
                </th>
                <td>{exact(usdPerMillion)}</td>
                <td>{exact(lineUsd)}</td>
              </tr>
            ))}
          </tbody>
          <tbody className="usage-steps">
            <Step name={t('calculation.sum')} value={`${exact(usd)} USD`} />
            <Step name={t('calculation.rate', { rate: exact(eurPerUsd) })} value={`${exact(eur)} €`} />
            {/[1-9]/.test(markupPercent) && (
              <Step
                name={t('calculation.markup', { percent: exact(markupPercent) })}
                value={`${exact(eurWithMarkup)} €`}
              />
            )}
            <Step name={t('calculation.rounded')} value={format.exactMoney(charge)} />
          </tbody>
        </table>
      </section>
      {detail.usage.basis === 'estimated' && <Text size="sm">{t('calculation.estimated')}</Text>}
      <details className="usage-source">
        <summary>{t('calculation.prices', { date: format.dateTime(priceVersion.effectiveFrom) })}</summary>
        <p>{t('calculation.source', { source: priceVersion.source })}</p>
        <p>
          {t('calculation.request')}: <code>{detail.requestId}</code>
        </p>
      </details>
    </Stack>
  );
}

function Step({ name, value }: { name: string; value: string }) {
  return (
    <tr>
      <th scope="row" colSpan={2}>
        {name}
      </th>
      <td>{value}</td>
    </tr>
  );
}
