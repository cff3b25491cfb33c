import { Button, Group, Text, Title } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChartPoint, type ChartSeries, hasValues, shownSeries } from './chart-data.ts';
import { ChartTable } from './chart-table.tsx';
import { Drawing } from './drawing.tsx';
import { SeriesMark } from './marks.tsx';
import './charts.css';

export interface ChartProps {
  /** `bars`: series on top of each other; `lines`: beside each other. */
  kind: 'bars' | 'lines';
  title: string;
  /** What is counted: "Euro". Every series has the same: there is one axis. */
  unit: string;
  /** The sum of all that is shown, as text. */
  total?: ReactNode;
  /** How it compares, in words: "12 % more than in the same days of October". */
  comparison?: ReactNode;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** What a point is, for the table: "Day". */
  pointHeading: string;
  /** A round size of the axis, as text; see `useTicks`. */
  tick: (size: number) => string;
  /** A line that should not be crossed. */
  limit?: { size: number; label: string };
  /** Said where no point has a value. */
  empty: string;
  /** Go to the rows behind a point: by a press on it, or by Enter. */
  onOpen?: (pointId: string) => void;
  /** The same as a link, in the table. */
  pointCell?: (point: ChartPoint) => ReactNode;
  /** Choices that belong to this chart. */
  children?: ReactNode;
}

/** A chart with its unit, total and comparison in words; the same figures as a table are one press away. */
export function Chart(props: ChartProps) {
  const { kind, title, unit, points } = props;
  const { t } = useTranslation('ui');
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const markId = `marks${id.replace(/\W/g, '')}`;
  const series = shownSeries(props.series, points);
  const isEmpty = !hasValues(points);
  return (
    <section className="cf-chart" aria-labelledby={`${id}title`}>
      <Group justify="space-between" align="flex-start" gap="sm" className="cf-chart-head">
        <div>
          <Title order={2} size="h3" id={`${id}title`}>
            {title}{' '}
            <Text span c="dimmed" size="sm" fw={450}>
              {t('chart.unit', { unit })}
            </Text>
          </Title>
          {(props.total || props.comparison) && (
            <Text mt={4}>
              {props.total && (
                <Text span fw={650} mr={8} className="cf-number">
                  {props.total}
                </Text>
              )}
              <Text span c="dimmed" size="sm">
                {props.comparison}
              </Text>
            </Text>
          )}
        </div>
        <Group gap="xs">
          {props.children}
          {!isEmpty && (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={asTable ? <IconChartBar size={15} aria-hidden /> : <IconTable size={15} aria-hidden />}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? t('chart.asChart') : t('chart.asTable')}
            </Button>
          )}
        </Group>
      </Group>
      {isEmpty ? (
        <Text c="dimmed" className="cf-chart-empty">
          {props.empty}
        </Text>
      ) : asTable ? (
        <ChartTable
          caption={title}
          pointHeading={props.pointHeading}
          series={series}
          points={points}
          pointCell={props.pointCell}
        />
      ) : (
        <>
          <Picture {...props} series={series} markId={markId} />
          {series.length > 1 && <Legend series={series} markId={markId} kind={kind} />}
        </>
      )}
    </section>
  );
}

function Picture(props: ChartProps & { markId: string }) {
  const { t } = useTranslation('ui');
  const name = t(props.onOpen ? 'chart.nameWithRows' : 'chart.name', { title: props.title, unit: props.unit });
  return (
    <Drawing
      kind={props.kind}
      name={name}
      markId={props.markId}
      series={props.series}
      points={props.points}
      tick={props.tick}
      limit={props.limit}
      onOpen={props.onOpen}
      totalLabel={t('chart.total')}
    />
  );
}

function Legend(props: { series: readonly ChartSeries[]; markId: string; kind: ChartProps['kind'] }) {
  return (
    <ul className="cf-chart-legend">
      {props.series.map(({ id, label, colour }, place) => (
        <li key={id}>
          <SeriesMark id={props.markId} place={place} colour={colour} kind={props.kind} />
          {label}
        </li>
      ))}
    </ul>
  );
}
