import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESSION_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAccessTokens } from '../src/session/access-token.ts';
import { createServiceClient } from '../src/session/authorized-fetch.ts';
import { ApiFailure, SessionEndedFailure, UnreachableFailure } from '../src/session/failure.ts';

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let url = '';
let close = async () => {};
let forms: URLSearchParams[] = [];
let onToken: Handler;
let onWork: Handler;
const given: { authorization: string | undefined; language: string | undefined; body: string }[] = [];

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
const grant: Handler = (_request, _body, response) =>
  answer(response, 200, {
    access_token: `token-${forms.length}`,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 600,
  });

beforeEach(async () => {
  forms = [];
  given.length = 0;
  onToken = grant;
  onWork = (_request, _body, response) => answer(response, 200, { done: true });
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    if (request.url === '/oauth/token') {
      forms.push(new URLSearchParams(body));
      onToken(request, body, response);
    } else {
      given.push({ authorization: request.headers.authorization, language: request.headers['accept-language'], body });
      onWork(request, body, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
});
afterEach(() => close());

function tokensAt(clock: { ms: number }, session = 'session') {
  return createAccessTokens({
    identityUrl: url,
    sessionToken: () => session,
    audiences: () => ['billing', 'proxy/abcdefghijklmno'],
    nowMs: () => clock.ms,
  });
}

describe('access tokens', () => {
  it('asks as RFC 8693 wants it, with every audience', async () => {
    expect(await tokensAt({ ms: 0 }).get()).toBe('token-1');
    expect(forms[0]?.get('grant_type')).toBe(TOKEN_EXCHANGE_GRANT);
    expect(forms[0]?.get('subject_token')).toBe('session');
    expect(forms[0]?.get('subject_token_type')).toBe(SESSION_TOKEN_TYPE);
    expect(forms[0]?.getAll('audience')).toEqual(['billing', 'proxy/abcdefghijklmno']);
  });

  it('asks once for many callers, and again a minute before the end', async () => {
    const clock = { ms: 0 };
    const tokens = tokensAt(clock);
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(['token-1', 'token-1', 'token-1']);
    clock.ms = 539_000;
    expect(await tokens.get()).toBe('token-1');
    clock.ms = 540_000;
    expect(await tokens.get()).toBe('token-2');
    expect(forms).toHaveLength(2);
  });

  it('renews once for several who were refused with the same token', async () => {
    const tokens = tokensAt({ ms: 0 });
    const first = await tokens.get();
    expect(await Promise.all([tokens.renew(first), tokens.renew(first)])).toEqual(['token-2', 'token-2']);
    expect(await tokens.renew(first)).toBe('token-2');
    expect(forms).toHaveLength(2);
  });

  it('tries again after a failure, and keeps nothing of it', async () => {
    const tokens = tokensAt({ ms: 0 });
    onToken = (_request, _body, response) =>
      answer(response, 503, { error: { message: 'down', type: 'x', code: 'unavailable', param: null } });
    await expect(tokens.get()).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    onToken = grant;
    expect(await tokens.get()).toBe('token-2');
  });

  it('forgets a token that is still on its way', async () => {
    const tokens = tokensAt({ ms: 0 });
    const early = tokens.get();
    tokens.forget();
    await early;
    expect(await tokens.get()).toBe('token-2');
  });

  it.each([
    [401, { error: { message: 'no', type: 'x', code: 'invalid_session', param: null } }],
    [400, { error: 'invalid_grant' }],
    [400, { error: { message: 'no', type: 'x', code: 'invalid_grant', param: null } }],
  ])('%s %j says that the session has ended', async (status, body) => {
    onToken = (_request, _body, response) => answer(response, status, body);
    await expect(tokensAt({ ms: 0 }).get()).rejects.toBeInstanceOf(SessionEndedFailure);
  });

  it('does not ask without a session', async () => {
    await expect(tokensAt({ ms: 0 }, '').get()).rejects.toBeInstanceOf(SessionEndedFailure);
    expect(forms).toHaveLength(0);
  });

  it('says that identity can not be reached', async () => {
    await close();
    await expect(tokensAt({ ms: 0 }).get()).rejects.toBeInstanceOf(UnreachableFailure);
  });
});

describe('service client', () => {
  const client = (onEnded = () => {}) => createServiceClient(tokensAt({ ms: 0 }), onEnded, () => 'de');
  const done = z.object({ done: z.boolean() });

  it('sends token and body, and checks the answer', async () => {
    expect(await client().json(done, `${url}/work`, { method: 'POST', body: { a: 1 } })).toEqual({ done: true });
    expect(given).toEqual([{ authorization: 'Bearer token-1', language: 'de', body: '{"a":1}' }]);
    await expect(client().json(z.object({ other: z.string() }), `${url}/work`)).rejects.toBeInstanceOf(z.ZodError);
  });

  it('renews once on a 401 and repeats the request, body and all', async () => {
    let ended = 0;
    onWork = (request, _body, response) =>
      request.headers.authorization === 'Bearer token-1'
        ? answer(response, 401, {})
        : answer(response, 200, { done: true });
    await client(() => ended++).send(`${url}/work`, { method: 'POST', body: { a: 1 } });
    expect(given.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
    expect(ended).toBe(0);
  });

  it('takes a second 401 for the end of the session, and does not try a third time', async () => {
    let ended = 0;
    onWork = (_request, _body, response) => answer(response, 401, {});
    await expect(client(() => ended++).send(`${url}/work`)).rejects.toBeInstanceOf(SessionEndedFailure);
    expect(given).toHaveLength(2);
    expect(ended).toBe(1);
  });

  it('carries the error body of a service, its figures too', async () => {
    onWork = (_request, _body, response) =>
      answer(response, 429, {
        error: {
          message: 'spent',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
          param: null,
          budget: { spent: '1' },
        },
      });
    const failure = await client()
      .send(`${url}/work`)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({ status: 429, code: 'insufficient_quota', detail: { budget: { spent: '1' } } });
  });

  it('survives an answer that is no error body', async () => {
    onWork = (_request, _body, response) => void response.writeHead(502).end('<html>');
    await expect(client().send(`${url}/work`)).rejects.toMatchObject({ status: 502, code: null });
  });

  it('leaves an abort an abort', async () => {
    await expect(client().send(`${url}/work`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
