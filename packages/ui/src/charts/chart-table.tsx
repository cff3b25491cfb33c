import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartPoint, ChartSeries } from './chart-data.ts';

interface ChartTableProps {
  caption: string;
  /** What a point is: "Day". */
  pointHeading: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** The point's name, as a link where there is something behind it. */
  pointCell: ((point: ChartPoint) => ReactNode) | undefined;
}

/** The same figures as the chart, to be read one by one. */
export function ChartTable({ caption, pointHeading, series, points, pointCell }: ChartTableProps) {
  const { t } = useTranslation('ui');
  const withTotal = series.length > 1 && points.some((point) => point.total !== undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section className="cf-chart-scroll" aria-label={caption} tabIndex={0}>
      <table className="cf-chart-table">
        <thead>
          <tr>
            <th scope="col">{pointHeading}</th>
            {series.map(({ id, label }) => (
              <th key={id} scope="col" className="cf-number">
                {label}
              </th>
            ))}
            {withTotal && (
              <th scope="col" className="cf-number">
                {t('chart.total')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.id}>
              <th scope="row">{pointCell ? pointCell(point) : point.label}</th>
              {series.map(({ id }) => (
                <td key={id} className="cf-number">
                  {point.values[id]?.text ?? '–'}
                </td>
              ))}
              {withTotal && <td className="cf-number">{point.total ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
