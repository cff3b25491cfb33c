import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChartPoint, hasValues, highestOf, shownSeries, sizeOfEur, ticksUpTo } from '../src/charts/chart-data.ts';

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

  it('has an axis of round, even steps up to above its highest point', () => {
    expect(ticksUpTo(250)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(ticksUpTo(9.2)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticksUpTo(0.0061)).toEqual([0, 0.002, 0.004, 0.006, 0.008]);
    expect(ticksUpTo(0)).toEqual([0]);
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (highest) => {
        const ticks = ticksUpTo(highest);
        const [, step = 0] = ticks;
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(ticks.at(-2)).toBeLessThan(highest);
        expect(['1', '2', '5']).toContain(step.toExponential().replace(/\.?0*e.*$/, ''));
      }),
    );
  });

  it('is as high as its bars together, or as its highest line', () => {
    const values = { a: { size: 2, text: '2' }, b: { size: 3, text: '3' }, c: undefined };
    expect(highestOf('bars', [point('1', values), point('2', {})])).toBe(5);
    expect(highestOf('lines', [point('1', values), point('2', {})])).toBe(3);
    expect(highestOf('lines', [])).toBe(0);
  });

  it('draws amounts in euro', () => {
    expect(sizeOfEur('12.50')).toBe(12.5);
    expect(sizeOfEur('-0.000000001')).toBe(-1e-9);
  });
});
