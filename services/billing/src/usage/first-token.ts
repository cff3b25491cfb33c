/** Times to the first token, counted in buckets that grow by the eighth root of two: bucket b ends at 2^(b/8) ms. */
import type { FirstToken } from '@cloudfreedom/contracts';

const BUCKETS_PER_DOUBLING = 8;
const MEDIAN = 0.5;
const SLOW = 0.95;

export interface FirstTokenCount {
  bucket: number;
  requests: number;
}

/** The middle of the bucket in which the answer stands that `share` of all were as fast as. */
function timeAt(counts: readonly FirstTokenCount[], share: number, requests: number): number | null {
  const wanted = Math.max(1, Math.ceil(requests * share));
  let passed = 0;
  for (const count of counts) {
    passed += count.requests;
    if (passed >= wanted) return Math.round(2 ** ((count.bucket - 0.5) / BUCKETS_PER_DOUBLING));
  }
  return null;
}

/** Buckets of one or several days, in any order. */
export function describeFirstTokens(counts: readonly FirstTokenCount[]): FirstToken {
  const inOrder = counts.toSorted((left, right) => left.bucket - right.bucket);
  const requests = inOrder.reduce((sum, count) => sum + count.requests, 0);
  return { requests, medianMs: timeAt(inOrder, MEDIAN, requests), slowMs: timeAt(inOrder, SLOW, requests) };
}
