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

/** Where the highest point stands: bars of one point stand on top of each other, lines don't. */
export function highestOf(kind: 'bars' | 'lines', points: readonly ChartPoint[]): number {
  const heights = points.map((point) => {
    const sizes = Object.values(point.values).map((value) => value?.size ?? 0);
    return kind === 'lines' ? Math.max(0, ...sizes) : sizes.reduce((sum, size) => sum + size, 0);
  });
  return Math.max(0, ...heights);
}

const STEPS_MAX = 5;
/** The last one for what a logarithm rounds. */
const STEPS = [1, 2, 5, 10, 20];

/** Round sizes from 0 to the first that is not below `highest`: steps of 1, 2 or 5 with zeros, at most five. */
export function ticksUpTo(highest: number): number[] {
  const exponent = Math.floor(Math.log10(highest / STEPS_MAX));
  // Divided rather than multiplied by a fraction: 3 / 10 is 0.3, 3 * 0.1 is not.
  const size = (units: number) => (exponent < 0 ? units / 10 ** -exponent : units * 10 ** exponent);
  const step = STEPS.find((units) => size(units * STEPS_MAX) >= highest);
  const ticks = [0];
  while (step !== undefined && (ticks.at(-1) ?? 0) < highest) ticks.push(size(step * ticks.length));
  return ticks;
}
