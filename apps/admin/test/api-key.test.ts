import { describe, expect, it } from 'vitest';
import { apiKey, endOfDay, keyState } from '../src/keys/api-key.ts';

const record = {
  id: 'abcdefghijklmno',
  name: 'CI',
  prefix: 'cf-abcd',
  expires: '2026-12-31 22:59:59.000Z',
  last_used: '',
  monthly_budget_eur: '',
  revoked: false,
};

describe('an API key of PocketBase', () => {
  it('was never used where nothing says when, and belongs to nobody where the owner is gone', () => {
    expect(apiKey.parse(record)).toMatchObject({ lastUsed: null, owner: null, models: [] });
  });
  it('names each allowed model once', () => {
    const models = [{ name: 'b' }, { name: 'a' }, { name: 'b' }];
    expect(apiKey.parse({ ...record, expand: { models } }).models).toEqual(['a', 'b']);
  });
  it('is expired from its moment on; revoked is revoked', () => {
    const key = apiKey.parse(record);
    const end = Date.parse('2026-12-31T22:59:59Z');
    expect(keyState(key, end - 1)).toBe('active');
    expect(keyState(key, end)).toBe('expired');
    expect(keyState({ ...key, revoked: true }, end)).toBe('revoked');
    expect(keyState({ ...key, expires: null }, end)).toBe('active');
  });
});

it('a day lasts until its end', () => {
  expect(new Date(endOfDay('2026-12-31') ?? '').getTime()).toBe(new Date('2026-12-31T23:59:59').getTime());
  expect(endOfDay('')).toBeUndefined();
  expect(endOfDay('soon')).toBeUndefined();
});
