/**
 * Queries that ask while their page is still being drawn. `useQuery` asks when the page stands there: an answer that takes as
 * long as the drawing is then a whole drawing late. For what a page is opened for.
 */
import {
  type DefaultError,
  type InfiniteData,
  type QueryFunction,
  type QueryKey,
  type UseInfiniteQueryOptions,
  type UseQueryOptions,
  useInfiniteQuery,
  usePrefetchInfiniteQuery,
  usePrefetchQuery,
  useQuery,
} from '@tanstack/react-query';

export function useQueryAtOnce<Answer, Key extends QueryKey>(
  options: UseQueryOptions<Answer, DefaultError, Answer, Key> & {
    queryFn: QueryFunction<Answer, Key>;
    enabled?: never;
  },
) {
  const { queryKey, queryFn } = options;
  usePrefetchQuery({ queryKey, queryFn });
  return useQuery(options);
}

export function useInfiniteQueryAtOnce<Page, Key extends QueryKey, Place>(
  options: UseInfiniteQueryOptions<Page, DefaultError, InfiniteData<Page, Place>, Key, Place> & {
    queryFn: QueryFunction<Page, Key, Place>;
    enabled?: never;
  },
) {
  const { queryKey, queryFn, initialPageParam } = options;
  usePrefetchInfiniteQuery({ queryKey, queryFn, initialPageParam });
  return useInfiniteQuery(options);
}
