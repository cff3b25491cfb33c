import { useReducedMotion } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react';
import { Bar, BarChart, CartesianGrid, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { type ChartPoint, type ChartSeries, highestOf, ticksUpTo } from './chart-data.ts';
import { dashAt, fillAt, Hatchings } from './marks.tsx';
import { PointCard } from './point-card.tsx';

export interface DrawingProps {
  kind: 'bars' | 'lines';
  /** What the picture shows, for who does not see it. */
  name: string;
  /** Unique in the page: hatchings are found by it. */
  markId: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** A round size of the axis, as text. */
  tick: (size: number) => string;
  limit: { size: number; label: string } | undefined;
  onOpen: ((pointId: string) => void) | undefined;
  totalLabel: string;
}

const HEIGHT_PX = 248;
const MOTION_MS = 200;
const LABEL = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' };

/** Bars on top of each other, or lines, over one axis. Arrow keys walk along the points, Enter opens one. */
export function Drawing(props: DrawingProps) {
  const { kind, points, limit, onOpen } = props;
  const still = useReducedMotion();
  const walkedTo = useRef<string | null>(null);
  const open = (place: unknown) => {
    const point = points[Number(place)];
    if (point && onOpen) onOpen(point.id);
  };
  const openByEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && walkedTo.current !== null) onOpen?.(walkedTo.current);
  };
  const ofChart = {
    responsive: true,
    style: { width: '100%', height: HEIGHT_PX, ...(onOpen && { cursor: 'pointer' }) },
    margin: { top: limit ? 20 : 8, right: 8, bottom: 0, left: 0 },
    data: [...points],
    accessibilityLayer: true,
    role: 'application',
    'aria-label': props.name,
    onClick: (state: { activeTooltipIndex?: unknown }) => open(state.activeTooltipIndex),
  };
  const ofSeries = { isAnimationActive: !still, animationDuration: MOTION_MS };
  const picture =
    kind === 'bars' ? (
      <BarChart {...ofChart} barCategoryGap="18%">
        <Hatchings id={props.markId} colours={props.series.map(({ colour }) => colour)} />
        {axes(props, walkedTo)}
        {props.series.map(({ id, label }, place) => (
          <Bar
            key={id}
            dataKey={(point: ChartPoint) => point.values[id]?.size ?? 0}
            name={label}
            stackId="all"
            fill={fillAt(props.markId, place)}
            stroke="var(--cf-surface)"
            maxBarSize={40}
            {...ofSeries}
          />
        ))}
      </BarChart>
    ) : (
      <LineChart {...ofChart}>
        {axes(props, walkedTo)}
        {props.series.map(({ id, label, colour }, place) => (
          <Line
            key={id}
            dataKey={(point: ChartPoint) => point.values[id]?.size ?? null}
            name={label}
            type="linear"
            stroke={colour}
            strokeWidth={2.5}
            strokeDasharray={dashAt(place)}
            dot={points.filter((point) => point.values[id]).length === 1}
            activeDot={{ r: 4 }}
            {...ofSeries}
          />
        ))}
      </LineChart>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the picture inside, which has the focus
    <div className="cf-chart-picture" onKeyDown={openByEnter}>
      {picture}
    </div>
  );
}

function axes({ tick, limit, kind, ...shown }: DrawingProps, walkedTo: RefObject<string | null>): ReactNode {
  const ticks = ticksUpTo(Math.max(highestOf(kind, shown.points), limit?.size ?? 0));
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--cf-line)" />
      <XAxis
        dataKey="tick"
        tickLine={false}
        axisLine={{ stroke: 'var(--cf-line-strong)' }}
        tick={LABEL}
        minTickGap={12}
      />
      <YAxis
        width="auto"
        tickLine={false}
        axisLine={false}
        tick={LABEL}
        tickFormatter={tick}
        ticks={ticks}
        domain={[0, ticks.at(-1) ?? 0]}
        interval={0}
      />
      <Tooltip
        cursor={kind === 'bars' ? { fill: 'var(--cf-hover)' } : { stroke: 'var(--cf-line-strong)' }}
        isAnimationActive={false}
        content={(tip) => <PointCard tip={tip} kind={kind} walkedTo={walkedTo} {...shown} />}
      />
      {limit && (
        <ReferenceLine
          y={limit.size}
          stroke="var(--cf-bad-fill)"
          strokeDasharray="4 3"
          label={{ value: limit.label, position: 'insideBottomLeft', fontSize: 12, fill: 'var(--cf-bad)' }}
        />
      )}
    </>
  );
}
