import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type LogFilter, readLogFilter } from './usage-filter.ts';

/**
 * What stands in the address, and how to change it: null takes a part away. Going back brings the last one again. A change
 * begins from the browser's own address: the one before it may not have been drawn yet.
 */
export function useAddress() {
  const [params, setParams] = useSearchParams();
  const change = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    setParams(next);
  };
  return { params, address: params.toString(), change };
}

/** The filter in the address. */
export function useLogFilter() {
  const { params, address, change } = useAddress();
  const filter = useMemo(() => readLogFilter(new URLSearchParams(address)), [address]);
  return { filter, params, change };
}

/** The part of a filter that one of the two lists knows. */
export function partOf(filter: LogFilter, names: readonly string[]): LogFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => names.includes(name)));
}
