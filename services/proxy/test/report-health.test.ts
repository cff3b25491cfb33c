/** What a proxy tells of itself, and the one deployment that an admin tests. */
import { audienceOf, type Role } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { catalogueModel, SUBJECT_ID, TENANT_ID } from './stub-billing.ts';
import { answerError } from './stub-upstream.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ UPSTREAM_CIRCUIT_FAILURES: '1' });
  world.billing.tenantType = 'enterprise';
  world.billing.models = [
    catalogueModel({ id: 'model0000000001', deployment: 'first' }),
    catalogueModel({ id: 'model0000000002', deployment: 'second', upstreamModel: 'gpt-second', priority: 1 }),
    catalogueModel({ id: 'model0000000003', name: 'other', deployment: 'no-key', provider: 'gemini' }),
  ];
});
afterEach(() => world.close());
afterAll(stopPostgres);

async function chatAs(role: Role, deployment: string): Promise<Response> {
  world.billing.principal = { ...world.billing.principal, role };
  const token = await world.identity.sign(
    { sub: SUBJECT_ID, tenant: TENANT_ID, role, locale: 'en' },
    audienceOf.proxy(TENANT_ID),
  );
  return world.chat(ASK, { headers: { authorization: `Bearer ${token}`, 'x-cloudfreedom-deployment': deployment } });
}
const asked = () => world.upstream.seen.map(({ body }) => body.model);

test('an admin has one deployment answer, whatever the order of trial; a member does not choose', async () => {
  const answer = await chatAs('tenant_admin', 'second');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-cloudfreedom-deployment')).toContain('deployment=second');
  expect(asked()).toEqual(['gpt-second']);
  expect((await chatAs('tenant_admin', 'elsewhere')).status).toBe(404);
});

test('a member does not choose the deployment', async () => {
  const refused = await chatAs('member', 'second');
  expect(refused.status).toBe(403);
  expect(await errorOf(refused)).toMatchObject({ code: 'forbidden' });
  expect(world.upstream.seen).toEqual([]);
});

test('billing hears which deployments are served, by whom, and which circuit is open', async () => {
  world.upstream.script = answerError(500, { message: 'broken' });
  expect((await chatAs('tenant_admin', 'first')).status).toBeGreaterThanOrEqual(500);
  await until('a report', () => world.billing.reports.length > 0, 20_000);
  expect(world.billing.reports[0]).toMatchObject({
    version: expect.any(String),
    outboxDepth: 0,
    deployments: [
      { deployment: 'first', servedBy: 'provider', circuit: expect.stringMatching(/open/) },
      { deployment: 'second', servedBy: 'provider', circuit: 'closed' },
      { deployment: 'no-key', servedBy: 'nobody', circuit: 'closed' },
    ],
  });
});
