/** The fuzzer by itself: a service that breaks each law is found out, one that keeps them is not. */
import type { AddressInfo } from 'node:net';
import { type App, createApp, createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fuzz } from '../fuzz/fuzz.ts';
import { readOperations } from '../fuzz/operations.ts';

const SECRET = 'the-secret-of-the-suite';
const body = z.object({ name: z.string().max(40), count: z.number().int().min(0).max(9) });
const kept = z.object({ kept: z.boolean() });

let app: App;
let found: Record<string, string>;
beforeAll(async () => {
  const options = { service: 'sample', version: '1.2.3', corsOrigins: [], bodyLimitBytes: 100_000 };
  const made = await createApp({
    ...options,
    logger: createLogger('sample', 'silent'),
    ready: async () => ({ ready: true }),
  });
  app = made.app;
  app.post('/lawful', { schema: { body, response: { 200: kept } } }, async () => ({ kept: true }));
  app.post('/crash', { schema: { body } }, async (request) => {
    if (request.body.name.includes('\0')) throw new Error('invalid byte sequence');
    return { kept: true };
  });
  app.post('/trace', { schema: { body } }, async () => ({ said: new Error('oh').stack }));
  app.post('/secret', { schema: { body } }, async () => ({ said: `x ${SECRET} y` }));
  app.post('/undescribed', { schema: { body, response: { 200: kept } } }, async (_request, reply) =>
    (reply as { status: (code: number) => typeof reply }).status(202).send({ kept: true }),
  );
  app.get('/otherwise', { schema: { response: { 200: kept } }, serializerCompiler: () => JSON.stringify }, async () =>
    JSON.parse('{"kept":"perhaps"}'),
  );
  app.get('/own-form', { schema: {} }, async (_request, reply) => reply.status(409).send({ reason: 'because' }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const targets = readOperations(app.swagger()).map((operation) => ({
    ...{ operation, hints: {}, ids: {}, bearers: [], pinned: {} },
  }));
  const report = await fuzz({
    ...{ url: `http://127.0.0.1:${port}`, targets, runsEach: 300, seed: 1, secrets: [SECRET] },
  });
  found = Object.fromEntries(report.findings.map((finding) => finding.split('\n  ') as [string, string]));
});
afterAll(() => app?.close());

describe('what breaks a law is found', () => {
  test.each([
    ['POST /crash', /the status 500/],
    ['POST /trace', /a stack trace/],
    ['POST /secret', /a secret/],
    ['POST /undescribed', /the status 202 is not described/],
    ['GET /otherwise', /not as described: .*boolean/],
    ['GET /own-form', /an error in no known form/],
  ])('%s', (operation, why) => {
    expect(found[operation]).toMatch(why);
  });
});

test('what keeps them is not', () => {
  expect(Object.keys(found)).not.toEqual(expect.arrayContaining(['POST /lawful']));
  expect(Object.keys(found)).toHaveLength(6);
});
