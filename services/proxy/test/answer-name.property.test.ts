/** Which requests may share an answer: none that differ in anything, none of two tenants, and of two people by the rule alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AskedAnswer, answerName, sentDigest } from '../src/answer-cache/answer-name.ts';
import type { Deployment } from '../src/models/deployment.ts';
import { chatRequest } from '../src/providers/chat-request.ts';
import { catalogueModel } from './stub-billing.ts';

const id = fc.stringMatching(/^[a-z0-9]{15}$/);
const surface = fc.constantFrom(
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
);
const body = fc.oneof(
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.record({
    model: fc.string(),
    temperature: fc.double({ noNaN: true }),
    stream: fc.boolean(),
    messages: fc.array(fc.record({ role: fc.string(), content: fc.string() })),
    tools: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
  }),
);
const asked = fc.record<AskedAnswer>({
  tenantId: id,
  rule: fc.constantFrom('person', 'tenant'),
  subjectId: id,
  surface,
  body,
});

test('two requests that differ in anything never have the same name', () => {
  fc.assert(
    fc.property(asked, asked, (one, other) => {
      const same = (a: AskedAnswer) =>
        JSON.stringify([a.tenantId, a.rule, a.rule === 'person' ? a.subjectId : '', a.surface, a.body]);
      expect(answerName(one) === answerName(other)).toBe(same(one) === same(other));
    }),
    { numRuns: 500 },
  );
});

test('one change at any place of a request changes its name', () => {
  fc.assert(
    fc.property(asked, fc.constantFrom('tenantId', 'surface', 'body', 'rule'), (one, part) => {
      const changed = {
        tenantId: { ...one, tenantId: `${one.tenantId.slice(0, -1)}${one.tenantId.endsWith('a') ? 'b' : 'a'}` },
        surface: { ...one, surface: `${one.surface}/` },
        body: { ...one, body: [one.body] },
        rule: { ...one, rule: one.rule === 'person' ? ('tenant' as const) : ('person' as const) },
      };
      expect(answerName(changed[part])).not.toBe(answerName(one));
      expect(answerName({ ...one })).toBe(answerName(one));
    }),
  );
});

test('whose answer it is counts by the rule of people and not by the rule of tenants', () => {
  fc.assert(
    fc.property(asked, id, (one, other) => {
      fc.pre(other !== one.subjectId);
      const theirs = { ...one, subjectId: other };
      expect(answerName({ ...theirs, rule: 'tenant' })).toBe(answerName({ ...one, rule: 'tenant' }));
      expect(answerName({ ...theirs, rule: 'person' })).not.toBe(answerName({ ...one, rule: 'person' }));
    }),
  );
});

test('the order of fields counts, as it does to a model; white space and escapes do not', () => {
  const read = (text: string) => chatRequest.parse(JSON.parse(text));
  const name = (text: string) =>
    answerName({ tenantId: 't', rule: 'tenant', subjectId: 's', surface: '/v1/chat/completions', body: read(text) });
  const schema = (properties: string) =>
    `{"model":"m","messages":[{"role":"user","content":"é"}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"properties":{${properties}}}}}}`;
  expect(name(schema('"a":{},"b":{}'))).not.toBe(name(schema('"b":{},"a":{}')));
  expect(name(schema('"a":{}').replaceAll(',', ' ,\n').replace('é', '\\u00e9'))).toBe(name(schema('"a":{}')));
});

test('what the provider is told differs wherever the deployment or the request to it does', () => {
  const request = { path: '/chat/completions', headers: { 'anthropic-beta': 'a' }, body: '{"model":"x"}' };
  const of = (changes: Parameters<typeof catalogueModel>[0] = {}, more: Partial<Deployment> = {}): Deployment => ({
    model: catalogueModel(changes),
    api: 'openai',
    simulated: false,
    server: { baseUrl: 'https://api.example', fromDirectory: false },
    keyName: 'openai',
    ...more,
  });
  const digests = [
    sentDigest(of(), request),
    sentDigest(of({ id: 'model0000000002' }), request),
    sentDigest(of({ upstreamModel: 'other' }), request),
    sentDigest(of({ name: 'other' }), request),
    sentDigest(of({}, { simulated: true }), request),
    sentDigest(of({}, { server: { baseUrl: 'https://other.example', fromDirectory: false } }), request),
    sentDigest(of(), { ...request, body: '{"model":"y"}' }),
    sentDigest(of(), { ...request, path: '/responses' }),
    sentDigest(of(), { ...request, headers: { 'anthropic-beta': 'b' } }),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(sentDigest(of(), { ...request })).toBe(digests[0]);
});
