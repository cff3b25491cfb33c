/**
 * What Open WebUI really sends, in its order: somebody opens it and asks; later a program of theirs asks and a file is
 * read, while it has no token of theirs. Recorded with the settings of the tenant bundle (`npm run try:open-webui`).
 */
import { readFileSync } from 'node:fs';
import { audienceOf } from '@cloudfreedom/contracts';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { stopPostgres } from '../proxy-under-test.ts';
import { catalogueModel } from '../stub-billing.ts';
import { MODEL_NAMES, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

const SERVICE_KEY = 'service-key-of-open-webui-0123456789';
const USER_SECRET = 'signs-the-header-of-open-webui-0123456789';
const recording = z.object({
  requests: z.array(
    z.object({
      kind: z.string(),
      method: z.enum(['GET', 'POST']),
      path: z.string(),
      credential: z.enum(["the person's token", 'the service key', 'none']),
      headers: z.record(z.string(), z.string()),
      body: z.looseObject({ model: z.string() }).nullable(),
    }),
  ),
});
const { requests } = recording.parse(
  JSON.parse(readFileSync(new URL('../fixtures/open-webui/one-visit.json', import.meta.url), 'utf8')),
);

let world: SimulatedWorld;
beforeAll(async () => {
  world = await startSimulatedWorld({
    OPEN_WEBUI_SERVICE_KEY: SERVICE_KEY,
    OPEN_WEBUI_USER_JWT_SECRET: USER_SECRET,
  });
  world.billing.models.push(
    catalogueModel({ name: 'vectors', upstreamModel: 'text-embedding-3-small', kind: 'embedding' }),
  );
  world.billing.principal.models.push('vectors');
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

test('each is answered, charged to the person alone, and named where nobody asked it', async () => {
  const { subjectId, tenantId } = world.billing.principal;
  const claims = { sub: subjectId, tenant: tenantId, role: 'member', locale: 'de' } as const;
  const credentials = {
    "the person's token": `Bearer ${await world.identity.sign(claims, audienceOf.proxy(tenantId))}`,
    'the service key': `Bearer ${SERVICE_KEY}`,
    none: '',
  };
  const signedHeader = await new SignJWT({ email: 'mara@demo.example', name: 'Mara', role: 'user' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject('0b7b7d4e-8a55-4f2c-9a5e-1f3a8f6f5f10')
    .setIssuer('open-webui')
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(new TextEncoder().encode(USER_SECRET));
  const secrets: Record<string, string> = {
    'x-openwebui-user-jwt': signedHeader,
    'x-cloudfreedom-service-key': SERVICE_KEY,
  };
  for (const { kind, method, path, credential, headers, body } of requests) {
    const sent = Object.keys(headers).map((name) => [name, secrets[name] ?? headers[name] ?? '']);
    const authorization = credentials[credential];
    const model = kind === 'file' ? 'vectors' : MODEL_NAMES[0];
    const response = await fetch(world.url + path, {
      method,
      headers: { ...Object.fromEntries(sent), ...(authorization && { authorization }) },
      ...(body && { body: JSON.stringify({ ...body, model }) }),
    });
    expect([kind, response.status], await response.text()).toEqual([kind, 200]);
  }
  const asked = requests.filter(({ body }) => body !== null);
  expect(settledRequests(world)).toBe(asked.length);
  const reserved = world.billing.all('reserve');
  expect(reserved.map(({ credential }) => credential)).toMatchObject(asked.map(() => ({ type: 'subject', subjectId })));
  expect(reserved.map(({ task }) => task ?? 'question')).toEqual([
    'title',
    'question',
    'follow_ups',
    'tags',
    'question',
    'question',
  ]);
});
