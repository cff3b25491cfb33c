import { describe, expect, it } from 'vitest';
import { type ChartPoint, hasValues, shownSeries, sizeOfEur } from '../src/charts/chart-data.ts';

const point = (id: string, values: ChartPoint['values']): ChartPoint => ({ id, tick: id, label: id, values });

describe('what a chart shows', () => {
  it('is nothing where all values are absent or 0', () => {
    expect(hasValues([])).toBe(false);
    expect(hasValues([point('1', { a: undefined }), point('2', { a: { size: 0, text: '0' } })])).toBe(false);
    expect(hasValues([point('1', { a: { size: 0.001, text: '0,001' } })])).toBe(true);
  });

  it('names only series that have a value somewhere, in their order', () => {
    const series = ['a', 'b', 'c'].map((id) => ({ id, label: id, colour: 'red' }));
    const points = [point('1', { c: { size: 1, text: '1' } }), point('2', { a: { size: 1, text: '1' } })];
    expect(shownSeries(series, points).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('draws amounts in euro', () => {
    expect(sizeOfEur('12.50')).toBe(12.5);
    expect(sizeOfEur('-0.000000001')).toBe(-1e-9);
  });
});
