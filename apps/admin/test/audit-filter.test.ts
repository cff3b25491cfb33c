/** The filter of the audit log in an address, and what PocketBase is asked for it. */
import { expect, test } from 'vitest';
import { conditionsOf, readAuditFilter } from '../src/audit/audit-filter.ts';

const read = (text: string) => readAuditFilter(new URLSearchParams(text));

test('what is no value is left out, the rest counts', () => {
  const right = { actor: 'abc123def456ghi', record: 'a-b_c', kind: 'users', action: 'update', platform: '1' };
  expect(read(new URLSearchParams(right).toString())).toEqual(right);
  expect(read('actor=me&record=a"b&kind=dogs&action=steal&from=now&to=&platform=yes')).toEqual({});
});

test('each part is a condition of its own beside the tenant; only platform admins ask beyond it', () => {
  const texts = (text: string) => conditionsOf('t', read(text)).map((condition) => condition.text);
  expect(texts('')).toEqual(['tenant = {:tenantId}']);
  expect(texts('platform=1')).toEqual(['(tenant = {:tenantId} || tenant = "")']);
  expect(texts('kind=users&from=2026-11-22T00:00:00.000Z')).toEqual([
    'tenant = {:tenantId}',
    'target_collection = {:kind}',
    'created >= {:from}',
  ]);
  const [, from] = conditionsOf('t', read('from=2026-11-22T00:00:00.000Z'));
  expect(from?.values).toEqual({ from: '2026-11-22 00:00:00.000Z' });
});
