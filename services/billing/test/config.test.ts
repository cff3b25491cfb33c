import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';

describe('the environment', () => {
  const good = {
    PORT: '0',
    IDENTITY_ISSUER: 'http://identity.test',
    IDENTITY_JWKS_URL: 'http://identity.test/jwks',
    DATABASE_URL: 'postgres://billing_service:pass@localhost/billing',
    MIGRATION_DATABASE_URL: 'postgres://owner:pass@localhost/billing',
    POCKETBASE_URL: 'http://pocketbase.test',
    INTERNAL_SECRET: 'a secret of sixteen',
    BILLING_WEBHOOK_SECRET: 'a secret of sixteen',
    USD_EUR_RATE: '0.86',
  };
  test.each([
    ['USD_EUR_RATE', '0,86'],
    ['USD_EUR_RATE', '0.00'],
    ['DATABASE_URL', 'postgres://owner:pass@localhost/billing'],
    ['DATABASE_URL', 'postgres://localhost/billing'],
    ['INTERNAL_SECRET', 'short'],
    ['POCKETBASE_URL', ''],
  ])('names %s when it is %j, without its value', (name, value) => {
    expect(loadConfig(good).USD_EUR_RATE).toBe('0.86');
    expect(() => loadConfig({ ...good, [name]: value })).toThrow(new RegExp(`^The environment[^]*${name}: `));
    if (value) expect(() => loadConfig({ ...good, [name]: value })).not.toThrow(value);
  });
});
