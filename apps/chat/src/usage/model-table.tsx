import { formatEur, parseEur, type UsageTotal } from '@cloudfreedom/contracts';
import { Money, useFormat } from '@cloudfreedom/ui';
import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { UsedModel } from './used-model.tsx';

interface ModelSum {
  model: string;
  requests: number;
  inputTokens: number;
  outputTokens: number;
  charge: bigint;
}

function sumByModel(totals: UsageTotal[]): ModelSum[] {
  const sums = new Map<string, ModelSum>();
  for (const { model = '', requests, inputTokens, outputTokens, charge } of totals) {
    const before = sums.get(model) ?? { model, requests: 0, inputTokens: 0, outputTokens: 0, charge: 0n };
    sums.set(model, {
      model,
      requests: before.requests + requests,
      inputTokens: before.inputTokens + inputTokens,
      outputTokens: before.outputTokens + outputTokens,
      charge: before.charge + parseEur(charge),
    });
  }
  return [...sums.values()].sort((a, b) => (b.charge > a.charge ? 1 : b.charge < a.charge ? -1 : 0));
}

/** The month by model, the dearest first, with its sum. */
export function ModelTable({ totals }: { totals: UsageTotal[] }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const models = sumByModel(totals);
  if (models.length === 0) return null;
  const all = models.reduce((sum, { charge }) => sum + charge, 0n);
  return (
    <div>
      <Title order={2} size="h3" id="usage-models" mb="xs">
        {t('usage.byModel')}
      </Title>
      {/** biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="usage-sideways" aria-labelledby="usage-models" tabIndex={0}>
        <table className="usage-table">
          <thead>
            <tr>
              <th scope="col">{t('usage.model')}</th>
              <th scope="col">{t('usage.requests')}</th>
              <th scope="col" className="usage-wide">
                {t('usage.tokens')}
              </th>
              <th scope="col">{t('usage.charge')}</th>
            </tr>
          </thead>
          <tbody>
            {models.map((sum) => (
              <tr key={sum.model}>
                <th scope="row">
                  <UsedModel id={sum.model} />
                </th>
                <td>{format.number(sum.requests)}</td>
                <td className="usage-wide">
                  {format.number(sum.inputTokens)} / {format.number(sum.outputTokens)}
                </td>
                <td>
                  <Money amount={formatEur(sum.charge)} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {t('usage.total')}
              </th>
              <td className="usage-wide" />
              <td>
                <Money amount={formatEur(all)} />
              </td>
            </tr>
          </tfoot>
        </table>
      </section>
    </div>
  );
}
