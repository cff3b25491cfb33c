/** Rate limits as PocketBase has them in a record, and as a form holds them; empty is 0 is none of its own. */
export const LIMIT_FIELDS = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'] as const;
export type LimitField = (typeof LIMIT_FIELDS)[number];

export const countText = (count: number) => (count === 0 ? '' : String(count));

export function limitValues(record: Record<LimitField, number>): Record<LimitField, string> {
  return {
    requests_per_minute: countText(record.requests_per_minute),
    tokens_per_minute: countText(record.tokens_per_minute),
    parallel_requests: countText(record.parallel_requests),
  };
}
