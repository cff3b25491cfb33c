/** What an admin should know of today, from sums: providers whose answers break off, requests that came to nothing. Pure. */
import type { FailureGroup, UsageTotal } from '@cloudfreedom/contracts';

/** One answer that broke off is no trouble of a provider; several are, where they are more than a few of a hundred. */
const ERRORS_MIN = 3;
const ERROR_PERCENT = 5;
/** Refused because of money or pace: nothing is broken, but somebody was stopped. */
const STOPPED_CODES: readonly (string | null)[] = ['insufficient_quota', 'budget_held', 'rate_limit_exceeded'];

export function troubledProviders(totals: readonly UsageTotal[]): UsageTotal[] {
  return totals.filter(({ errors, requests }) => errors >= ERRORS_MIN && errors * 100 >= requests * ERROR_PERCENT);
}

/** Requests without an answer: stopped by a budget or limit, and failed at every provider that was tried. */
export function failedRequests(groups: readonly FailureGroup[]): { stopped: number; unanswered: number } {
  const sum = (counts: (group: FailureGroup) => boolean) =>
    groups.filter(counts).reduce((all, { requests }) => all + requests, 0);
  return {
    stopped: sum(({ code }) => STOPPED_CODES.includes(code)),
    unanswered: sum(({ code, errorKind }) => code !== null && errorKind !== null && !STOPPED_CODES.includes(code)),
  };
}
