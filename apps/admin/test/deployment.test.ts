/** How a deployment stands at a tenant, and what its form sends. */
import { INABILITIES, type KnownProxy } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  availabilityOf,
  healthOf,
  type ModelDeployment,
  modelDeployment,
  publicModels,
  searchModels,
} from '../src/models/deployment.ts';
import {
  type DeploymentField,
  deploymentChanges,
  deploymentValues,
  newDeployment,
  readUsd,
} from '../src/models/deployment-values.ts';

const TENANT = 'aaaaaaaaaaaaaaa';
const record = (fields: Partial<ModelDeployment> = {}): ModelDeployment => ({
  id: 'model0000000001',
  name: 'llama',
  deployment: 'llama',
  display_name: 'Llama',
  description_en: '',
  description_de: '',
  languages: '',
  provider: 'custom',
  upstream_model: 'llama3',
  kind: 'chat',
  region: 'eu',
  processor: '',
  priority: 0,
  weight: 1,
  context_tokens: 8_000,
  output_tokens_max: 1_000,
  reasoning: 'none',
  unsupported: [],
  first_byte_timeout_ms: 0,
  chunk_timeout_ms: 0,
  enabled: true,
  base_url: 'https://host/v1',
  api_version: '',
  key_name: '',
  only_tenants: [],
  own_prices: { uncached_input: '0.15', output_text: '0.6', input_audio: '3' },
  ...fields,
});
const proxy = (fields: Partial<KnownProxy> = {}): KnownProxy => ({
  instance: 'ad9b2a0e-8f0c-4b55-9f0e-9d9d2f6a7f11',
  version: '1',
  startedAt: '2026-11-01T00:00:00Z',
  reportedAt: '2026-11-01T00:00:00Z',
  outboxDepth: 0,
  up: true,
  deployments: [{ deployment: 'llama', servedBy: 'provider', circuit: 'closed' }],
  ...fields,
});

describe('availability', () => {
  const at = { tenantId: TENANT, priced: true, health: healthOf([proxy()], 'llama') };
  test.each([
    ['available', record(), at],
    ['disabled', record({ enabled: false }), at],
    ['otherTenants', record({ only_tenants: ['bbbbbbbbbbbbbbb'] }), at],
    ['available', record({ only_tenants: [TENANT] }), at],
    ['notPriced', record(), { ...at, priced: false }],
    ['unknown', record(), { ...at, health: undefined }],
  ] as const)('%s', (expected, of, where) => {
    expect(availabilityOf(of, where)).toBe(expected);
  });

  test('is the worst that any proxy which is up says of it', () => {
    const saying = (servedBy: 'provider' | 'simulator' | 'nobody', circuit: 'closed' | 'open') =>
      proxy({ deployments: [{ deployment: 'llama', servedBy, circuit }] });
    const stateOf = (...proxies: KnownProxy[]) =>
      availabilityOf(record(), { ...at, health: healthOf(proxies, 'llama') });
    expect(stateOf(proxy(), saying('provider', 'open'))).toBe('failing');
    expect(stateOf(saying('provider', 'open'), saying('nobody', 'closed'))).toBe('noKey');
    expect(stateOf(saying('simulator', 'closed'))).toBe('simulated');
    expect(stateOf(proxy(), { ...saying('provider', 'open'), up: false })).toBe('available');
    expect(stateOf(proxy({ up: false }))).toBe('unknown');
  });
});

test('deployments stand below their name in the order of trial; a search finds any word', () => {
  const models = publicModels([
    record({ id: 'model0000000002', deployment: 'second', priority: 1 }),
    record({ id: 'model0000000003', name: 'a-model', deployment: 'other', display_name: 'A model', region: 'us' }),
    record({ deployment: 'off', enabled: false }),
    record({ deployment: 'first' }),
  ]);
  expect(models.map(({ deployments }) => deployments.map(({ deployment }) => deployment))).toEqual([
    ['other'],
    ['first', 'second', 'off'],
  ]);
  expect(searchModels(models, ' Llama SECOND ').map(({ name }) => name)).toEqual(['llama']);
  expect(searchModels(models, 'nothing')).toEqual([]);
});

describe('the form', () => {
  test('an untouched one sends nothing, whatever the record', () => {
    const any = fc.record({
      priority: fc.nat(1000),
      weight: fc.integer({ min: 1, max: 1000 }),
      unsupported: fc.subarray([...INABILITIES]),
      only_tenants: fc.subarray([TENANT, 'bbbbbbbbbbbbbbb']),
      own_prices: fc.constantFrom(null, { uncached_input: '0', output_text: '2' }),
      processor: fc.string({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(any, (fields) => {
        const opened = modelDeployment.parse(record(fields));
        expect(deploymentChanges(opened, deploymentValues(opened))).toEqual({});
      }),
    );
  });

  test('prices of one’s own change together, and those without a field stay', () => {
    const typed = { ...deploymentValues(record()), price_output_text: '0,75', price_cache_read: '0.05' };
    expect(deploymentChanges(record(), typed)).toEqual({
      own_prices: { uncached_input: '0.15', cache_read: '0.05', output_text: '0.75', input_audio: '3' },
    });
    const none: Partial<Record<DeploymentField, string>> = { price_uncached_input: '', price_output_text: '' };
    expect(deploymentChanges(record(), { ...deploymentValues(record()), ...none })).toEqual({ own_prices: null });
  });

  test('a new one has the name where nothing else is said, and the usual order', () => {
    const typed = { ...newDeployment('', ''), name: ' llama ', base_url: 'https://host/v1', context_tokens: '8000' };
    expect(deploymentChanges(null, { ...typed, output_tokens_max: '100' })).toMatchObject({
      name: 'llama',
      deployment: 'llama',
      display_name: 'llama',
      description_en: '',
      description_de: '',
      languages: '',
      upstream_model: 'llama',
      priority: 0,
      weight: 1,
      own_prices: null,
      enabled: true,
    });
  });

  test.each([
    ['0,15', '0.15'],
    ['$ 12.5', '12.5'],
    ['0', '0'],
    ['-1', undefined],
    ['1.000,50', undefined],
    ['', undefined],
  ])('a price typed as %j is %j', (typed, expected) => {
    expect(readUsd(typed)).toBe(expected);
  });
});
