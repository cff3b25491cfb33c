import { describe, expect, it } from 'vitest';
import {
  isPercent,
  managedTenant,
  newTenantValues,
  slugOf,
  tenantChanges,
  tenantValues,
} from '../src/tenants/tenant-values.ts';

const record = managedTenant.parse({
  id: 'abcdefghijklmno',
  name: 'Muster GmbH',
  slug: 'muster',
  type: 'enterprise',
  status: 'active',
  time_zone: 'Europe/Berlin',
  locale: 'de',
  monthly_budget_eur: '1000.00',
  markup_percent: '12.5',
  domains: ['chat.muster.example', 'ki.muster.example'],
  expires_at: '',
  single_sign_on_required: true,
  retention_days: 30,
  answer_cache: 'off',
  content_log_days: 0,
  requests_per_minute: 0,
  tokens_per_minute: 0,
  parallel_requests: 0,
  sign_up_domain: '',
  sign_up_product: '',
});
const opened = tenantValues(record);

describe('what is sent of a tenant', () => {
  it('is nothing where nothing was changed', () => {
    expect(tenantChanges(record, opened)).toEqual({});
  });
  it('is what was changed, as PocketBase writes it', () => {
    const typed = {
      ...opened,
      monthly_budget_eur: '2.500,50',
      markup_percent: '7,5',
      domains: 'A.example, b.example',
      parallel_requests: '50',
    };
    expect(tenantChanges(record, typed)).toEqual({
      monthly_budget_eur: '2500.50',
      markup_percent: '7.5',
      domains: ['a.example', 'b.example'],
      parallel_requests: 50,
    });
  });
  it('puts back what the new type can’t have', () => {
    expect(tenantChanges(record, { ...opened, type: 'internal' })).toEqual({
      type: 'internal',
      markup_percent: '0',
      expires_at: '',
      single_sign_on_required: false,
      retention_days: 0,
    });
  });
  it('is everything of a new one; the end is a demo’s alone', () => {
    const blank = newTenantValues(Date.parse('2026-11-01T00:00:00Z'));
    expect(tenantChanges(null, { ...blank, name: ' Neu ' })).toMatchObject({
      name: 'Neu',
      status: 'active',
      expires_at: '',
      single_sign_on_required: true,
    });
    expect(tenantChanges(null, { ...blank, type: 'demo' })).toMatchObject({
      expires_at: '2026-12-01T00:00:00.000Z',
      single_sign_on_required: false,
    });
  });
});

it.each([
  ['Müller & Söhne GmbH', 'mueller-soehne-gmbh'],
  ['  ÄÖ  ', 'aeoe'],
  ['!!!', ''],
])('the short name of %s is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

it('a percentage has a comma or a point, and no sign', () => {
  expect(['0', '', '12,5', '100.25'].map(isPercent)).toEqual([true, true, true, true]);
  expect(['-1', '1000', '1.234', 'x'].map(isPercent)).toEqual([false, false, false, false]);
});
