import type { FailureGroup, UsageTotal } from '@cloudfreedom/contracts';
import { expect, it } from 'vitest';
import { failedRequests, troubledProviders } from '../src/overview/trouble.ts';

const total = (provider: string, requests: number, errors: number): UsageTotal => ({
  provider,
  ...{ requests, errors, inputTokens: 0, outputTokens: 0, charge: '0.00', cost: '0.00' },
});
const group = (fields: Partial<FailureGroup>): FailureGroup => ({
  ...{ code: null, outcome: null, errorKind: null, model: null, deployment: null, requests: 1, people: 1 },
  ...{ firstAt: '2026-11-23T08:00:00Z', lastAt: '2026-11-23T08:00:00Z' },
  ...fields,
});

it('a provider is in trouble when several answers and more than a few of a hundred broke off', () => {
  const totals = [total('openai', 2, 2), total('anthropic', 60, 3), total('gemini', 61, 3), total('custom', 3, 3)];
  expect(troubledProviders(totals).map(({ provider }) => provider)).toEqual(['anthropic', 'custom']);
});

it('who was stopped by money or pace is told apart from what failed at the providers', () => {
  const groups = [
    group({ code: 'insufficient_quota', requests: 4 }),
    group({ code: 'rate_limit_exceeded', requests: 2, errorKind: 'overloaded' }),
    group({ code: 'upstream_unavailable', requests: 5, errorKind: 'overloaded' }),
    group({ code: 'invalid_request_error', requests: 7 }),
    group({ outcome: 'upstream_error', requests: 9, errorKind: 'broken_stream' }),
  ];
  expect(failedRequests(groups)).toEqual({ stopped: 6, unanswered: 5 });
});
