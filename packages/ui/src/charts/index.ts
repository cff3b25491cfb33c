/** An entry of its own: pages that show charts are loaded when they are opened, and bring the chart library with them. */
export { BarList, type BarListItem } from './bar-list.tsx';
export { Chart, type ChartProps } from './chart.tsx';
export { type ChartPoint, type ChartSeries, type ChartValue, sizeOfEur } from './chart-data.ts';
export { useTicks } from './use-ticks.ts';
