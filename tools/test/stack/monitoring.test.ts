/** The dashboards and alert rules ask for what the services really tell. */
import { expect, inject, test } from 'vitest';
import type { ReceivedSpan } from '../../../services/proxy/test/otlp-receiver.ts';
import { namesIn, readOutput, readQueries } from './monitoring-queries.ts';
import { eventually, newPerson, stack, superuser } from './people.ts';

/** What Prometheus tells of each service that it asks. */
const OF_PROMETHEUS = new Map([['up', new Set(['instance', 'job'])]]);
/** What needs a fault that this test does not make; their labels are in the services' own tests. */
const RARE = ['ledger_retries_total'];
const MODEL = 'gpt-5.4-mini';
const ask = (content: string) => ({
  model: MODEL,
  stream: true as const,
  messages: [{ role: 'user' as const, content }],
});

/** Something of each kind: answered, failed at the provider, refused by a budget. */
async function makeTraffic(): Promise<void> {
  const person = await newPerson();
  for await (const _chunk of await person.openai.chat.completions.create(ask('Hi [[simulate length=20]]')));
  await person.openai.chat.completions.create(ask('Hi [[simulate status=500]]')).catch(() => undefined);
  const poor = await newPerson({ budget_override_eur: '0' });
  await eventually(async () => {
    const refused = await poor.openai.chat.completions.create(ask('Hi')).catch(({ status }) => status);
    return refused === 429 || undefined;
  });
}

/** The demo tenant has a budget while it is looked at. */
async function withTenantBudget<T>(look: () => Promise<T>): Promise<T> {
  const tenants = (await superuser()).collection('tenants');
  const { monthly_budget_eur } = await tenants.getOne(stack.tenant.id);
  await tenants.update(stack.tenant.id, { monthly_budget_eur: '1000' });
  try {
    return await look();
  } finally {
    await tenants.update(stack.tenant.id, { monthly_budget_eur });
  }
}

async function output(): Promise<Map<string, Set<string>>> {
  const { identity, billing, proxy, conversations } = stack.urls;
  const texts = [identity, billing, proxy, conversations].map(async (url) => (await fetch(`${url}/metrics`)).text());
  return readOutput(await Promise.all(texts));
}

test('every metric and label of every query is in the services` output', async () => {
  await makeTraffic();
  const told = await withTenantBudget(() =>
    eventually(async () => {
      const now = await output();
      return now.get('cloudfreedom_tenant_budget_remaining_eur')?.has('tenant') ? now : undefined;
    }, 30_000),
  );
  for (const [name, labels] of OF_PROMETHEUS) told.set(name, labels);
  const queries = readQueries();
  expect(queries.length).toBeGreaterThan(25);
  const missing = queries.flatMap(({ place, text, shownLabels }) => {
    const { metrics, labels } = namesIn(text);
    const unknown = metrics.filter((name) => !told.has(name)).map((name) => `${place}: no metric ${name}`);
    if (metrics.some((name) => RARE.includes(name))) return unknown;
    const known = new Set(metrics.flatMap((name) => [...(told.get(name) ?? [])]));
    const strange = [...labels, ...shownLabels].filter((name) => !known.has(name));
    return [...unknown, ...strange.map((name) => `${place}: no label ${name}`)];
  });
  expect(missing).toEqual([]);
});

test('a query for what nobody tells would be found', () => {
  const told = readOutput(['# TYPE open gauge', 'open{service="billing"} 1']);
  expect(namesIn('sum by (tenant) (open{service="x"}) / closed')).toEqual({
    metrics: ['open', 'closed'],
    labels: ['tenant', 'service'],
  });
  expect([told.has('closed'), told.get('open')]).toEqual([false, new Set(['service'])]);
  expect(() => namesIn('sum by (')).toThrow('no PromQL');
});

test('one trace from the client through the proxy to billing, with nothing of the prompt; identity continues one too', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const client = '00f067aa0ba902b7';
  const headers = { traceparent: `00-${traceId}-${client}-01` };
  const person = await newPerson();
  const secret = 'nobody else reads this question';
  for await (const _chunk of await person.openai.chat.completions.create(ask(secret), { headers }));
  await fetch(`${stack.urls.identity}/.well-known/jwks.json`, { headers });
  const spans = await eventually(async () => {
    const text = await (await fetch(inject('traceReceiver'))).text();
    expect(text).not.toContain(secret);
    const own = (JSON.parse(text) as ReceivedSpan[]).filter((span) => span.traceId === traceId);
    const services = new Set(own.map(({ service }) => service));
    const whole = own.some(({ name }) => name === 'POST /v1/chat/completions');
    return services.size === 3 && whole ? own : undefined;
  }, 30_000);
  const parentOf = (span: ReceivedSpan | undefined) => spans.find(({ spanId }) => spanId === span?.parentSpanId);
  const batches = spans.filter(
    ({ service, name }) => service === 'cloudfreedom-billing' && name === 'POST /v1/ledger/batch',
  );
  expect(batches.length).toBeGreaterThan(0);
  for (const batch of batches) {
    const call = parentOf(batch);
    expect(call).toMatchObject({ service: 'cloudfreedom-proxy', name: 'POST /v1/ledger/batch' });
    expect(parentOf(call)).toMatchObject({ name: 'POST /v1/chat/completions', parentSpanId: client });
  }
});
