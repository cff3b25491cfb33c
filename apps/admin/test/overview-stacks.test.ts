import { formatEur, parseEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { stackCharges } from '../src/overview/stacks.ts';

vi.mock('@cloudfreedom/ui/charts', () => ({ sizeOfEur: (amount: string) => Number(amount) }));

const words = {
  label: (id: string) => id,
  colour: () => 'red',
  rest: 'Other',
  money: (amount: string) => amount,
  tick: (day: string) => day,
  day: (day: string) => day,
};
const days = ['2026-11-01', '2026-11-02', '2026-11-03'];

const totals = fc.array(
  fc.record({
    day: fc.constantFrom(...days),
    model: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
    nano: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  }),
);

it('no cent is lost between totals and what is drawn, however many there are', () => {
  fc.assert(
    fc.property(totals, (made) => {
      const given = made.map(({ nano, ...rest }) => ({
        ...rest,
        ...{ requests: 1, errors: 0, inputTokens: 0, outputTokens: 0, charge: formatEur(nano), cost: '0.00' },
      }));
      const { series, points, total } = stackCharges(given, days, ({ model = '' }) => model, words);
      const all = made.reduce((sum, { nano }) => sum + nano, 0n);
      expect(parseEur(total)).toBe(all);
      const texts = points.flatMap((point) => Object.values(point.values).map((value) => value?.text ?? '0'));
      expect(texts.reduce((sum, text) => sum + parseEur(text), 0n)).toBe(all);
      expect(points.reduce((sum, point) => sum + parseEur(point.total ?? '0'), 0n)).toBe(all);
      expect(points.map(({ id }) => id)).toEqual(days);
      expect(series.length).toBeLessThanOrEqual(7);
      const known = new Set(series.map(({ id }) => id));
      for (const point of points) for (const id of Object.keys(point.values)) expect(known.has(id)).toBe(true);
    }),
  );
});
