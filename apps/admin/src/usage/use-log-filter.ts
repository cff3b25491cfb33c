import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type LogFilter, readLogFilter } from './usage-filter.ts';

/** The filter in the address, and how to change it: null takes a part away. Going back brings the last one again. */
export function useLogFilter() {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filter = useMemo(() => readLogFilter(new URLSearchParams(address)), [address]);
  const change = (changes: Record<string, string | null>) =>
    setParams((previous) => {
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') previous.delete(name);
        else previous.set(name, value);
      }
      return previous;
    });
  return { filter, params, change };
}

/** The part of a filter that one of the two lists knows. */
export function partOf(filter: LogFilter, names: readonly string[]): LogFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => names.includes(name)));
}
