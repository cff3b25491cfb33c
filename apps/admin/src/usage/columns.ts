/** Which columns the table of usage has, and how dense it is; kept in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';

export const COLUMN_NAMES = [
  'at',
  'person',
  'model',
  'tokens',
  'charge',
  'duration',
  'outcome',
  'key',
  'product',
  'costCentre',
  'provider',
  'deployment',
  'region',
  'firstByte',
  'waited',
  'requestId',
] as const;
export type Column = (typeof COLUMN_NAMES)[number];
/** What opens a row stays. */
export const ALWAYS: readonly Column[] = ['at', 'person', 'charge'];
const AT_FIRST: Column[] = ['at', 'person', 'model', 'tokens', 'charge', 'duration', 'outcome'];

export function useColumns() {
  const [kept, keep] = useLocalStorage<Column[]>({
    key: 'usage-columns',
    defaultValue: AT_FIRST,
    getInitialValueInEffect: false,
  });
  const shown = useMemo(
    () => COLUMN_NAMES.filter((column) => ALWAYS.includes(column) || kept.includes(column)),
    [kept],
  );
  const toggle = (column: Column) =>
    keep(shown.includes(column) ? shown.filter((other) => other !== column) : [...shown, column]);
  return { shown, toggle };
}

export type Density = 'comfortable' | 'compact';
export function useDensity() {
  return useLocalStorage<Density>({
    key: 'usage-density',
    defaultValue: 'comfortable',
    getInitialValueInEffect: false,
  });
}
