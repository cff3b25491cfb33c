/** Signing in with a second factor, against the answers that PocketBase gives. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession } from '../src/session/session.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'HS256' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600 })}.signature`;
const record = {
  id: 'aaaaaaaaaaaaaaa',
  email: 'ann@example.test',
  name: 'Ann Admin',
  tenant: 'bbbbbbbbbbbbbbb',
  role: 'tenant_admin',
  locale: 'en',
  verified: true,
};

let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      const answer = (status: number, value: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      const url = new URL(request.url ?? '', 'http://pocketbase');
      if (url.pathname.endsWith('/auth-with-password'))
        return body.password === 'right' ? answer(401, { mfaId: 'mfa' }) : answer(400, { data: {} });
      const complete = body.otpId === 'otp' && body.password === '12345678' && url.searchParams.get('mfaId') === 'mfa';
      return complete ? answer(200, { token, record }) : answer(400, { data: {} });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

test('the password alone opens nothing; the code with it does, and nothing else', async () => {
  const pocketbaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = createSession({ pocketbaseUrl, identityUrl: pocketbaseUrl, audiences: () => [] });
  await expect(session.signIn(record.email, 'wrong')).rejects.toMatchObject({ status: 400 });
  expect(await session.signIn(record.email, 'right')).toEqual({ mfaId: 'mfa' });
  expect(session.state()).toEqual({ status: 'signed_out' });
  await expect(session.signInWithCode({ otpId: 'otp', code: '12345678' })).rejects.toMatchObject({ status: 400 });
  expect(await session.signInWithCode({ otpId: 'otp', code: '12345678', mfaId: 'mfa' })).toBeNull();
  expect(session.state()).toMatchObject({ status: 'signed_in', person: { id: record.id, role: 'tenant_admin' } });
});
