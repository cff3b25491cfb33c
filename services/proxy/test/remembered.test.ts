/** What a proxy remembers of billing's answers, and what it forgets when it is told of a change. */
import { type Catalogue, type Credential, type Principal, principalResolveResponse } from '@cloudfreedom/contracts';
import { expect, test } from 'vitest';
import { createEventStreamReader } from '../src/billing/event-stream.ts';
import { ModelCatalogue } from '../src/billing/model-catalogue.ts';
import { Principals } from '../src/billing/principals.ts';
import { NO_LIMITS } from './stub-billing.ts';

const base = { tenantId: 'tenant000000001', role: 'member', locale: 'en', models: [], regionRule: 'any' } as const;
const limits = { limits: NO_LIMITS, outputCapTokens: 0 };
const principalOf = (subjectId: string): Principal => ({
  ...base,
  ...limits,
  models: [],
  subjectId,
  apiKeyId: null,
  productId: null,
});
const ANN: Credential = { type: 'subject', subjectId: 'ann000000000001' };
const BEN: Credential = { type: 'subject', subjectId: 'ben000000000001' };
const GONE: Credential = { type: 'subject', subjectId: 'gone00000000001' };

test('only whom it concerns is asked for again, and whoever was refused', async () => {
  const asked: string[] = [];
  const principals = new Principals({
    resolvePrincipal: async (credential) => {
      const { subjectId } = credential as { subjectId: string };
      asked.push(subjectId);
      const refused = { status: 'refused', code: 'invalid_api_key', retryAfterMs: null, budget: null };
      const known = { status: 'known', principal: principalOf(subjectId) };
      return principalResolveResponse.parse(credential === GONE ? refused : known);
    },
  });
  const askAll = async () => {
    for (const credential of [ANN, BEN, GONE]) await principals.find(credential);
  };
  await askAll();
  asked.length = 0;
  await askAll();
  expect(asked).toEqual([]);
  principals.forgetWhere(({ subjectId }) => subjectId === 'ann000000000001');
  await askAll();
  expect(asked).toEqual(['ann000000000001', 'gone00000000001']);
});

test('an answer that was on its way when the change came is not remembered', async () => {
  const answers: ((subjectId: string) => void)[] = [];
  const principals = new Principals({
    resolvePrincipal: () =>
      new Promise((resolve) =>
        answers.push((subjectId) => resolve({ status: 'known', principal: principalOf(subjectId) })),
      ),
  });
  const before = principals.find(ANN);
  principals.forgetWhere(() => false);
  const after = principals.find(ANN);
  answers[1]?.('new000000000001');
  answers[0]?.('old000000000001');
  expect(await before).toMatchObject({ principal: { subjectId: 'old000000000001' } });
  expect(await after).toMatchObject({ principal: { subjectId: 'new000000000001' } });
  expect(await principals.find(ANN)).toMatchObject({ principal: { subjectId: 'new000000000001' } });
});

test('a catalogue that was on its way when it changed serves who waited for it and nobody else', async () => {
  const answers: ((name: string) => void)[] = [];
  const tenant = { id: base.tenantId, type: 'dev', status: 'active', domains: [], retentionDays: 0 } as const;
  const catalogue = new ModelCatalogue({
    catalogue: () =>
      new Promise((resolve) =>
        answers.push((name) => resolve({ tenant: { ...tenant, name, domains: [] }, models: [] } satisfies Catalogue)),
      ),
  });
  const before = catalogue.current();
  catalogue.forget();
  const after = catalogue.current();
  answers[1]?.('new');
  expect((await after).tenant.name).toBe('new');
  answers[0]?.('old');
  expect((await before).tenant.name).toBe('old');
  expect((await catalogue.current()).tenant.name).toBe('new');
  expect(answers).toHaveLength(2);
});

test('events are read wherever their bytes are cut; what a newer billing says is a reset', () => {
  const text = 'id: 1-a\ndata: {"kind":"user","id":"ann"}\n\nid: 2-b\ndata: {"kind":"weather","id":"x"}\n\nid: 3-c\n\n';
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const heard: unknown[] = [];
    const reader = createEventStreamReader(
      (event) => heard.push(event),
      (id) => heard.push(id),
    );
    reader.push(bytes.subarray(0, cut));
    reader.push(bytes.subarray(cut));
    expect(heard).toEqual([{ kind: 'user', id: 'ann' }, '1-a', { kind: 'reset', id: '' }, '2-b', '3-c']);
  }
});
