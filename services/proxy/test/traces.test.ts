/** Traces as a receiver gets them: one per request, its steps, the provider's call, and the way to billing. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';
import { ASK, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { catalogueModel } from './stub-billing.ts';
import { answerError, answerStream, answerWhole } from './stub-upstream.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';
const SERVER = 2;
const CLIENT = 3;
const SECRET_WORDS = 'the words of the question';

afterAll(stopPostgres);

describe('with a receiver', () => {
  let receiver: OtlpReceiver;
  let world: World;
  const logged: Record<string, unknown>[] = [];

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    const lines = new Writable({
      write(line, _encoding, done) {
        logged.push(JSON.parse(String(line)));
        done();
      },
    });
    world = await startWorld(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-receiver-key=a%20b',
        OTEL_RESOURCE_ATTRIBUTES: 'tenant=acme',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        UPSTREAM_ATTEMPTS_MAX: '3',
      },
      pino({ level: 'debug' }, lines),
    );
  });
  beforeEach(() => {
    world.upstream.seen = [];
    world.billing.headersOfBatches = [];
    receiver.spans = [];
    logged.length = 0;
  });
  afterAll(async () => {
    await world.close();
    await receiver.close();
  });

  const words = { ...ASK, messages: [{ role: 'user', content: SECRET_WORDS }] };
  const ask = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await world.chat(body, { headers });
    await answer.text();
    return answer;
  };
  const received = async (names: string[]) => {
    await until(
      `${names} are there`,
      () => names.every((name) => receiver.spans.some((span) => span.name === name)),
      60_000,
    );
    return (name: string) => receiver.spans.find((span) => span.name === name);
  };

  test('a streamed request: its client’s trace goes on, in its steps, to billing and to the provider’s call', async () => {
    world.upstream.script = answerStream('Hello', ' there');
    const given = { traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01`, tracestate: 'vendor=1' };
    await ask({ ...words, stream: true }, given);
    const steps = ['authenticate', 'limit', 'resolve', 'bound', 'reserve', 'call', 'relay', 'settle'];
    const of = await received(['POST /v1/chat/completions', 'chat gpt-test', 'POST /v1/ledger/batch', ...steps]);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE_ID]));
    const request = of('POST /v1/chat/completions');
    expect(request).toMatchObject({ kind: SERVER, parentSpanId: CLIENT_SPAN, service: 'cloudfreedom-proxy' });
    expect(request?.resource).toMatchObject({ tenant: 'acme' });
    expect(request?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-test',
      'cloudfreedom.outcome': 'completed',
      'cloudfreedom.charge_eur': '0.004217',
    });
    for (const step of steps) expect(of(step)?.parentSpanId, step).toBe(request?.spanId);
    const call = of('chat gpt-test');
    expect(call).toMatchObject({ kind: CLIENT, parentSpanId: request?.spanId });
    expect(call?.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 3 });
    for (const span of receiver.spans)
      expect(span.endTimeUnixNano, span.name).toBeGreaterThanOrEqual(span.startTimeUnixNano);
    expect(Number((call?.startTimeUnixNano ?? 0n) / 1_000_000n)).toBeGreaterThan(Date.now() - 600_000);
    // Billing gets each batch under a span of its own, in this trace.
    const batches = receiver.spans.filter(({ name }) => name === 'POST /v1/ledger/batch');
    expect(world.billing.headersOfBatches.map(({ traceparent }) => traceparent)).toEqual(
      batches.map(({ spanId }) => `00-${TRACE_ID}-${spanId}-01`),
    );
    expect(world.billing.headersOfBatches[0]).toMatchObject({ tracestate: 'vendor=1' });
    // A provider is nobody's business to tell.
    expect(world.upstream.seen[0]?.headers.traceparent).toBeUndefined();
    expect(receiver.headers).toMatchObject({ 'x-receiver-key': 'a b' });
    expect(receiver.text).not.toContain(SECRET_WORDS);
    expect(receiver.text).not.toContain('Hello');
    expect(logged.find(({ msg }) => msg === 'chat request')).toMatchObject({ trace_id: TRACE_ID });
  });

  test('failed attempts have spans, and a request that failed says why', async () => {
    world.upstream.script = answerError(503, { message: 'busy' });
    const answer = await ask(words, { traceparent: `00-${'1'.repeat(32)}-${CLIENT_SPAN}-01` });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    const of = await received(['POST /v1/chat/completions', 'attempt gpt-test']);
    expect(of('attempt gpt-test')?.attributes).toMatchObject({ 'error.type': 'overloaded' });
    expect(of('POST /v1/chat/completions')).toMatchObject({ status: { code: 2 } });
    expect(of('POST /v1/chat/completions')?.attributes['error.type']).toMatch(/^upstream_/);
  });

  test('who asked of a server of one’s own is told there', async () => {
    const own = await startWorld({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      PRIVATE_UPSTREAMS: new URL(world.upstream.url).host,
    });
    own.billing.models = [
      catalogueModel({ provider: 'custom', baseUrl: world.upstream.url, upstreamModel: 'mine', deployment: 'mine' }),
    ];
    world.upstream.script = answerWhole('Hello.');
    const answer = await own.chat(ASK, { headers: { traceparent: `00-${'2'.repeat(32)}-${CLIENT_SPAN}-01` } });
    await answer.text();
    await own.close();
    expect(answer.status).toBe(200);
    expect(world.upstream.seen[0]?.headers.traceparent).toMatch(new RegExp(`^00-${'2'.repeat(32)}-[0-9a-f]{16}-01$`));
    // What was waiting is sent at the end.
    expect(receiver.spans.some(({ traceId }) => traceId === '2'.repeat(32))).toBe(true);
  });

  test('a trace that its client doesn’t record is passed on and not recorded; what is no trace begins a new one', async () => {
    world.upstream.script = answerWhole('Hello.');
    await ask(words, { traceparent: `00-${'3'.repeat(32)}-${CLIENT_SPAN}-00` });
    expect(world.billing.headersOfBatches[0]?.traceparent).toMatch(
      new RegExp(`^00-${'3'.repeat(32)}-[0-9a-f]{16}-00$`),
    );
    await ask(words, { traceparent: 'not a trace' });
    await received(['POST /v1/chat/completions']);
    expect(receiver.spans.filter(({ traceId }) => traceId === '3'.repeat(32))).toEqual([]);
    expect(receiver.spans.every(({ parentSpanId, kind }) => kind !== SERVER || !parentSpanId)).toBe(true);
  });

  test('requests of one batch: the first one’s trace, with links to the others', async () => {
    world.upstream.script = answerWhole('Hello.');
    world.billing.batchMs = 200;
    await Promise.all(Array.from({ length: 6 }, () => ask(words)));
    world.billing.batchMs = 0;
    const ofRequests = () => receiver.spans.filter(({ kind }) => kind === SERVER).map(({ traceId }) => traceId);
    const linked = () => receiver.spans.filter(({ links }) => links.length > 0);
    await until('all are there', () => ofRequests().length === 6 && linked().length > 0, 60_000);
    for (const { name, traceId, links } of linked()) {
      expect(name).toBe('POST /v1/ledger/batch');
      const traces = [traceId, ...links.map((link) => link.traceId)];
      expect(new Set(traces).size).toBe(traces.length);
      expect(ofRequests()).toEqual(expect.arrayContaining(traces));
    }
  });

  test('a receiver that is away costs nothing but its traces', async () => {
    const alone = await startWorld({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    const answer = await alone.chat(ASK);
    await answer.text();
    await alone.close();
    expect(answer.status).toBe(200);
  });
});

test('without a receiver there is no trace: nothing is sent on and no line names one', async () => {
  const lines: string[] = [];
  const plain = await startWorld(
    {},
    pino(
      { level: 'debug' },
      new Writable({
        write(line, _encoding, done) {
          lines.push(String(line));
          done();
        },
      }),
    ),
  );
  const answer = await plain.chat(ASK, { headers: { traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01` } });
  await answer.text();
  await plain.close();
  expect(plain.billing.headersOfBatches.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
  expect(lines.join('')).not.toContain('trace_id');
});
