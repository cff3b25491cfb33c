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
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';

/** What went wrong is told by the query that is waiting for it. */
const untold = () => undefined;

export function useQueryAtOnce<Answer, Key extends QueryKey>(
  options: UseQueryOptions<Answer, DefaultError, Answer, Key> & {
    queryFn: QueryFunction<Answer, Key>;
    enabled?: boolean;
  },
) {
  const queries = useQueryClient();
  const { queryKey, queryFn, enabled = true } = options;
  if (enabled && !queries.getQueryState(queryKey)) queries.query({ queryKey, queryFn }).catch(untold);
  return useQuery(options);
}

export function useInfiniteQueryAtOnce<Page, Key extends QueryKey, Place>(
  options: UseInfiniteQueryOptions<Page, DefaultError, InfiniteData<Page, Place>, Key, Place> & {
    queryFn: QueryFunction<Page, Key, Place>;
  },
) {
  const queries = useQueryClient();
  const { queryKey, queryFn, initialPageParam } = options;
  if (!queries.getQueryState(queryKey)) queries.infiniteQuery({ queryKey, queryFn, initialPageParam }).catch(untold);
  return useInfiniteQuery(options);
}
