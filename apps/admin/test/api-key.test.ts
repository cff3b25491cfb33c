import { describe, expect, it } from 'vitest';
import { apiKey, endOfDay, keyState } from '../src/keys/api-key.ts';
import { keyChanges, keyValues, limitWish, NO_LIMITS } from '../src/keys/key-values.ts';

const record = {
  id: 'abcdefghijklmno',
  name: 'CI',
  prefix: 'cf-abcd',
  expires: '2026-12-31 22:59:59.000Z',
  last_used: '',
  monthly_budget_eur: '',
  requests_per_minute: 20,
  tokens_per_minute: 0,
  parallel_requests: 0,
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

describe('the form of a key', () => {
  const idsOf = new Map([
    ['a', 'model-of-a'],
    ['b', 'model-of-b'],
  ]);
  const opened = apiKey.parse({ ...record, monthly_budget_eur: '5', expand: { models: [{ name: 'a' }] } });
  const typed = keyValues(opened);

  it('shows no limit as nothing, and sends nothing where nothing was changed', () => {
    expect(typed).toMatchObject({
      monthly_budget_eur: '5',
      models: 'a',
      requests_per_minute: '20',
      tokens_per_minute: '',
    });
    expect(keyChanges(opened, typed, idsOf)).toEqual({});
  });
  it('sends what was changed, as PocketBase takes it', () => {
    const changed = { ...typed, monthly_budget_eur: '2,50', requests_per_minute: '', tokens_per_minute: '4000' };
    expect(keyChanges(opened, changed, idsOf)).toEqual({
      monthly_budget_eur: '2.50',
      requests_per_minute: 0,
      tokens_per_minute: 4000,
    });
    expect(keyChanges(opened, { ...typed, name: ' CD ', models: 'a\nb', expires: '' }, idsOf)).toEqual({
      name: 'CD',
      models: ['model-of-a', 'model-of-b'],
      expires: '',
    });
    expect(keyChanges(opened, { ...typed, expires: '2031-01-01' }, idsOf)).toEqual({ expires: endOfDay('2031-01-01') });
  });
  it('asks for the limits of a new key that are one', () => {
    expect(limitWish(NO_LIMITS)).toEqual({});
    expect(limitWish({ ...NO_LIMITS, requests_per_minute: '3' })).toEqual({ requestsPerMinute: 3 });
  });
});

it('a day lasts until its end', () => {
  expect(new Date(endOfDay('2026-12-31') ?? '').getTime()).toBe(new Date('2026-12-31T23:59:59').getTime());
  expect(endOfDay('')).toBeUndefined();
  expect(endOfDay('soon')).toBeUndefined();
});
