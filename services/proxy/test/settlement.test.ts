/** Every answered request is charged exactly once: hang-ups, cuts, billing that dies in between. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, events, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import {
  answerStream,
  answerWhole,
  DONE,
  startStream,
  stopChunk,
  textChunk,
  type UpstreamScript,
  usageChunk,
} from './stub-upstream.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());
afterAll(stopPostgres);

const outboxRows = async () =>
  (await world.database.query('SELECT operation, rejected_because FROM proxy.outbox')).rows;

/** Streams `first`, then goes on when the test says so. */
function steppedStream(first: string): { script: UpstreamScript; goOn: () => void } {
  let goOn = () => {};
  return {
    script: (response) => {
      startStream(response);
      response.write(textChunk(first));
      goOn = () => response.end(stopChunk() + usageChunk() + DONE);
    },
    goOn: () => goOn(),
  };
}

async function firstPart(response: Response): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  return reader;
}

describe('a client that hangs up', () => {
  test('stops the upstream, which would go on for ever, and pays for what was produced', async () => {
    world.upstream.script = steppedStream('x'.repeat(4_000)).script;
    const leaving = new AbortController();
    await firstPart(await world.chat({ ...ASK, stream: true }, { signal: leaving.signal }));
    expect(world.upstream.seen[0]?.aborted).toBe(false);
    leaving.abort();
    await until('the upstream is stopped', () => world.upstream.seen[0]?.aborted === true);
    await until('the settlement', () => world.billing.endings.size === 1);
    const expected = { outcome: 'client_closed', usage: { basis: 'estimated', meters: { output_text: 1_000 } } };
    expect(world.billing.all('settle')).toMatchObject([expected]);
    expect(world.billing.all('settle')[0]?.usage.meters.uncached_input).toBeGreaterThan(0);
  });

  test('while the model works on an answer in one piece: an estimate by time', async () => {
    world.upstream.script = () => {};
    const leaving = new AbortController();
    const waiting = world.chat(ASK, { signal: leaving.signal }).catch(() => undefined);
    await until('the request is upstream', () => world.upstream.seen.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    leaving.abort();
    await waiting;
    await until('the settlement', () => world.billing.endings.size === 1);
    await until('the upstream sees it', () => world.upstream.seen[0]?.aborted === true);
    const [settled] = world.billing.all('settle');
    expect(settled).toMatchObject({ outcome: 'client_closed', usage: { basis: 'estimated' } });
    expect(settled?.usage.meters.output_text).toBeGreaterThan(5);
    expect(settled?.usage.meters.output_text).toBeLessThan(100);
  });

  test('before anything was sent: the reservation is given back', async () => {
    world.billing.batchMs = 300;
    const leaving = new AbortController();
    const waiting = world.chat(ASK, { signal: leaving.signal }).catch(() => undefined);
    await until('the reservation', () => world.billing.all('reserve').length === 1);
    leaving.abort();
    await waiting;
    await until('the void', () => world.billing.all('void').length === 1);
    expect(world.upstream.seen).toHaveLength(0);
  });

  test('again and again: one ending for each reservation', async () => {
    world.upstream.script = steppedStream('x').script;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const leaving = new AbortController();
        const waiting = world.chat({ ...ASK, stream: true }, { signal: leaving.signal }).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, index * 4));
        leaving.abort();
        await waiting;
      }),
    );
    const reservations = () => new Set(world.billing.all('reserve').map(({ reservationId }) => reservationId));
    await until('all ended', () => world.billing.endings.size === reservations().size);
    const endings = [...world.billing.all('settle'), ...world.billing.all('void')];
    expect(endings).toHaveLength(reservations().size);
  });
});

describe('an upstream that breaks off', () => {
  test('in the middle of a stream: an error event, no [DONE], settled as an estimate', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('x'.repeat(400)), () => setTimeout(() => response.destroy(), 30));
    };
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(JSON.parse(events(text).at(-1) as string)).toMatchObject({ error: { code: 'upstream_error' } });
    expect(world.billing.all('settle')).toMatchObject([
      { outcome: 'upstream_error', usage: { basis: 'estimated', meters: { output_text: 100 } } },
    ]);
  });

  test('with an error inside the stream: no internals, no [DONE]', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('some'));
      response.end(
        `data: ${JSON.stringify({ error: { message: 'internal host 10.0.0.1', type: 'server_error' } })}\n\n`,
      );
    };
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(text).not.toContain('10.0.0.1');
    expect(JSON.parse(events(text).at(-1) as string).error.code).toBe('upstream_error');
    expect(world.billing.all('settle')).toMatchObject([{ outcome: 'upstream_error' }]);
  });

  test('before any output: nobody owes anything, the tenant has a loss', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.end();
    };
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(world.billing.all('settle')).toHaveLength(0);
    expect(world.billing.all('void')).toMatchObject([{ lost: { basis: 'estimated', meters: { output_text: 0 } } }]);
  });
});

describe('billing dies between reservation and settlement', () => {
  test('the answer arrives whole, the settlement waits in the outbox and is delivered exactly once', async () => {
    const stepped = steppedStream('Hello');
    world.upstream.script = stepped.script;
    const response = await world.chat({ ...ASK, stream: true, stream_options: { include_usage: true } });
    const reader = await firstPart(response);
    await world.billing.stop();
    stepped.goOn();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += Buffer.from(part.value);
    const list = events(rest);
    expect(list.at(-1)).toBe('[DONE]');
    expect(JSON.parse(list.at(-2) as string).usage).not.toHaveProperty('cloudfreedom');
    const [row] = await outboxRows();
    expect(row.operation).toMatchObject({ op: 'settle', usage: { basis: 'exact' }, outcome: 'completed' });
    await world.billing.start();
    await until('delivery', async () => (await outboxRows()).length === 0, 15_000);
    expect([...world.billing.endings.keys()]).toEqual([row.operation.reservationId]);
    expect(world.billing.all('settle')).toHaveLength(1);
  });

  test('it took the settlement but its answer was lost: sending it again changes nothing', async () => {
    await (await world.chat(ASK)).json();
    const before = world.billing.endings.size;
    let lost = false;
    world.billing.reply = (operation) => {
      if (operation.op === 'settle' && !lost) {
        lost = true;
        world.billing.batchMs = 2_500;
      } else world.billing.batchMs = 0;
      return undefined;
    };
    const answer = (await (await world.chat(ASK)).json()) as { usage: object };
    expect(answer.usage).not.toHaveProperty('cloudfreedom');
    await until('delivery', async () => (await outboxRows()).length === 0, 15_000);
    expect(world.billing.endings.size).toBe(before + 1);
    expect(world.billing.all('settle').length).toBeGreaterThan(2);
  });

  test('a settlement that billing refuses is kept with the reason, not sent for ever', async () => {
    world.billing.reply = (operation) =>
      operation.op === 'settle'
        ? { status: 'rejected', code: 'reservation_not_found', message: 'no such reservation' }
        : undefined;
    expect((await world.chat(ASK)).status).toBe(200);
    expect(await outboxRows()).toMatchObject([{ rejected_because: 'reservation_not_found: no such reservation' }]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(world.billing.all('settle')).toHaveLength(1);
  });

  test('law 6: and the outbox too: the answer is withheld rather than given away uncounted', async () => {
    await world.database.query('ALTER TABLE proxy.outbox RENAME TO outbox_gone');
    world.upstream.script = (response, seen) => {
      world.billing.mode = 'broken';
      answerWhole('Hello.')(response, seen);
    };
    const response = await world.chat(ASK);
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: 'settlement_unavailable' });
    world.billing.mode = 'up';
    world.upstream.script = (response, seen) => {
      world.billing.mode = 'broken';
      answerStream('Hello.')(response, seen);
    };
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(JSON.parse(events(text).at(-1) as string).error.code).toBe('settlement_unavailable');
    // Neither is forgotten: nobody pays for the answer that was withheld, what was seen of the stream is owed.
    await world.database.query('ALTER TABLE proxy.outbox_gone RENAME TO outbox');
    await until('both are in the outbox', async () => (await outboxRows()).length === 2, 5_000);
    const kept = (await outboxRows()).map(({ operation }) => operation.op).sort();
    expect(kept).toEqual(['settle', 'void']);
    world.billing.mode = 'up';
    await until('delivery', async () => (await outboxRows()).length === 0, 15_000);
  });
});
