/** What a chart is made of. Sizes are only drawn; what is read is the text beside each, so that no sum is a float. */
import { parseEur } from '@cloudfreedom/contracts';

export interface ChartValue {
  /** In the chart's unit; for the pixels only. */
  size: number;
  /** The exact value in the reader's language. */
  text: string;
}

export interface ChartSeries {
  id: string;
  label: string;
  /** A CSS colour, from `colourOfModel`, `colourOfProvider` or a token. */
  colour: string;
}

/** A day, for example. */
export interface ChartPoint {
  id: string;
  /** Short, below the axis: "14". */
  tick: string;
  /** In full: "14 November 2026". */
  label: string;
  /** By the id of the series; absent: there is no value, which is not the same as 0. */
  values: Record<string, ChartValue | undefined>;
  /** Sum over the series, where they add up to something. */
  total?: string;
}

/** Drawn size of an amount in euro. */
export function sizeOfEur(amount: string): number {
  return Number(parseEur(amount)) / 1e9;
}

export function hasValues(points: readonly ChartPoint[]): boolean {
  return points.some((point) => Object.values(point.values).some((value) => value !== undefined && value.size !== 0));
}

/** Only series with anything to show, so that a legend names nothing that is not there. */
export function shownSeries(series: readonly ChartSeries[], points: readonly ChartPoint[]): ChartSeries[] {
  return series.filter(({ id }) => points.some((point) => point.values[id] !== undefined));
}
