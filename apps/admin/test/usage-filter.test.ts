/** The filter of usage in an address: what is right counts, what is not is left out, and it comes back as it went. */
import { describe, expect, test } from 'vitest';
import { decimalText } from '../src/usage/decimal-text.ts';
import { filterQuery, periodName, periodOf, readLogFilter } from '../src/usage/usage-filter.ts';

const read = (text: string) => readLogFilter(new URLSearchParams(text));

test('an address is read by billing’s names, and written the same', () => {
  const text = 'subjectId=abc123def456ghi&model=gpt-5.4&outcome=upstream_error&from=2026-11-01T00%3A00%3A00.000Z';
  const filter = read(text);
  expect(filter).toEqual({
    subjectId: 'abc123def456ghi',
    model: 'gpt-5.4',
    outcome: 'upstream_error',
    from: '2026-11-01T00:00:00.000Z',
  });
  expect(new URLSearchParams(filterQuery(filter)).toString().split('&').sort()).toEqual(text.split('&').sort());
});

test('what is no value is left out, and so is what is no filter', () => {
  expect(read('subjectId=me&outcome=fine&from=yesterday&tenantId=other&limit=5&request=1&model=')).toEqual({});
  expect(read('outcome=fine&model=gpt-5.4')).toEqual({ model: 'gpt-5.4' });
});

describe('periods', () => {
  const now = new Date(2026, 10, 23, 8, 30);
  test.each(['all', 'today', 'yesterday', 'week', 'month', 'lastMonth'] as const)('%s is known again', (name) => {
    const { from, to } = periodOf(name, now);
    const filter = { ...(from !== null && { from }), ...(to !== null && { to }) };
    expect(periodName(filter, now)).toBe(name);
  });
  test('yesterday ends where today begins', () => {
    expect(periodOf('yesterday', now).to).toBe(periodOf('today', now).from);
    expect(periodName({ from: new Date(2026, 10, 20, 3).toISOString() }, now)).toBeUndefined();
  });
});

test('exact decimals keep each digit', () => {
  expect(decimalText('0.000000123456789012', 'de')).toBe('0,000000123456789012');
  expect(decimalText('1234567.5', 'en')).toBe('1,234,567.5');
  expect(decimalText('1234', 'de')).toBe('1.234');
});
