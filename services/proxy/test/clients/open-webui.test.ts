/** What Open WebUI really sends for one question of a person: title, answer, follow-up questions and tags. */
import { readFileSync } from 'node:fs';
import { audienceOf } from '@cloudfreedom/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { MODEL_NAMES, settledRequests, simulatedWorld } from './simulated-world.ts';

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

/** What its connection's header `X-CloudFreedom-Task: {{TASK}}` becomes. */
const TASKS: Record<string, string> = {
  title: 'title_generation',
  chat: '',
  'follow-ups': 'follow_up_generation',
  tags: 'tags_generation',
};

const stage = simulatedWorld();

test.each(MODEL_NAMES)('%s: all four are answered, each a charge of the person whose token it is', async (model) => {
  const { subjectId, tenantId } = stage.world.billing.principal;
  const claims = { sub: subjectId, tenant: tenantId, role: 'member', locale: 'de' } as const;
  const token = await stage.world.identity.sign(claims, audienceOf.proxy(tenantId));
  for (const { kind, headers, body } of requests) {
    const response = await fetch(`${stage.world.baseURL}/chat/completions`, {
      method: 'POST',
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        cookie: 'session=of-the-browser',
        'x-openwebui-user-jwt': 'e.f.g',
        'x-cloudfreedom-task': TASKS[kind] ?? '',
      },
      body: JSON.stringify({ ...body, model }),
    });
    const text = await response.text();
    expect([kind, response.status], text).toEqual([kind, 200]);
    expect(text).toContain(body.stream ? 'data: [DONE]' : '"finish_reason":"stop"');
  }
  expect(settledRequests(stage.world)).toBe(requests.length);
  const credentials = stage.world.billing.all('reserve').map(({ credential }) => credential);
  expect(credentials).toMatchObject(requests.map(() => ({ type: 'subject', subjectId })));
  expect(stage.world.billing.all('reserve').map(({ task }) => task)).toEqual([
    'title',
    undefined,
    'follow_ups',
    'tags',
  ]);
  expect(stage.world.provider.requests).toHaveLength(requests.length);
  const sent = JSON.stringify(stage.world.provider.requests);
  for (const secret of ['of-the-browser', 'e.f.g', token, 'openwebui']) expect(sent).not.toContain(secret);
});
