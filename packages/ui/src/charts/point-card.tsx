import { type RefObject, useEffect } from 'react';
import type { TooltipContentProps } from 'recharts';
import type { ChartPoint, ChartSeries } from './chart-data.ts';
import { SeriesMark } from './marks.tsx';

interface PointCardProps {
  tip: TooltipContentProps;
  series: readonly ChartSeries[];
  markId: string;
  kind: 'bars' | 'lines';
  totalLabel: string;
  /** Takes the id of the point that is shown; null: none is. */
  walkedTo: RefObject<string | null>;
}

/** What a point says when it is pointed at or walked to. */
export function PointCard({ tip, series, markId, kind, totalLabel, walkedTo }: PointCardProps) {
  const point: ChartPoint | undefined = tip.payload?.[0]?.payload;
  const shownId = tip.active && point ? point.id : null;
  useEffect(() => {
    walkedTo.current = shownId;
  }, [walkedTo, shownId]);
  if (!tip.active || !point) return null;
  // In the order in which they are stacked: the top one first.
  const rows = series.map((one, place) => ({ ...one, place })).filter(({ id }) => point.values[id]);
  if (kind === 'bars') rows.reverse();
  return (
    <div className="cf-chart-card">
      <b>{point.label}</b>
      <dl>
        {rows.map(({ id, label, colour, place }) => (
          <div key={id}>
            <dt>
              <SeriesMark id={markId} place={place} colour={colour} kind={kind} />
              {label}
            </dt>
            <dd className="cf-number">{point.values[id]?.text}</dd>
          </div>
        ))}
        {point.total !== undefined && rows.length > 1 && (
          <div data-total>
            <dt>{totalLabel}</dt>
            <dd className="cf-number">{point.total}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}
