/** What Open WebUI really sends for one question of a person: title, answer, follow-up questions and tags. */
import { readFileSync } from 'node:fs';
import { audienceOf } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { stopPostgres } from '../proxy-under-test.ts';
import { MODEL_NAMES, type SimulatedWorld, settledRequests, startSimulatedWorld } from './simulated-world.ts';

const recording = z.object({
  requests: z.array(
    z.object({
      kind: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.looseObject({ model: z.string(), stream: z.boolean() }),
    }),
  ),
});
const { requests } = recording.parse(
  JSON.parse(readFileSync(new URL('../fixtures/open-webui/one-question.json', import.meta.url), 'utf8')),
);

let world: SimulatedWorld;
beforeAll(async () => {
  world = await startSimulatedWorld();
});
beforeEach(() => {
  world.billing.batches = [];
  world.provider.requests.length = 0;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

test.each(MODEL_NAMES)('%s: all four are answered, each a charge of the person whose token it is', async (model) => {
  const { subjectId, tenantId } = world.billing.principal;
  const claims = { sub: subjectId, tenant: tenantId, role: 'member', locale: 'de' } as const;
  const token = await world.identity.sign(claims, audienceOf.proxy(tenantId));
  for (const { kind, headers, body } of requests) {
    const response = await fetch(`${world.baseURL}/chat/completions`, {
      method: 'POST',
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        cookie: 'session=of-the-browser',
        'x-openwebui-user-jwt': 'e.f.g',
      },
      body: JSON.stringify({ ...body, model }),
    });
    const text = await response.text();
    expect([kind, response.status], text).toEqual([kind, 200]);
    expect(text).toContain(body.stream ? 'data: [DONE]' : '"finish_reason":"stop"');
  }
  expect(settledRequests(world)).toBe(requests.length);
  const credentials = world.billing.all('reserve').map(({ credential }) => credential);
  expect(credentials).toEqual(requests.map(() => ({ type: 'subject', subjectId })));
  expect(world.provider.requests).toHaveLength(requests.length);
  const sent = JSON.stringify(world.provider.requests);
  for (const secret of ['of-the-browser', 'e.f.g', token, 'openwebui']) expect(sent).not.toContain(secret);
});
