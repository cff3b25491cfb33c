import { isOwnPage } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASK, startWorld, stopPostgres, type World } from './proxy-under-test.ts';

describe('which pages are the tenant’s own', () => {
  test.each([
    ['enterprise', 'https://chat.acme.example', true],
    ['enterprise', 'https://acme.example', true],
    ['enterprise', 'http://chat.acme.example', false],
    ['enterprise', 'https://chat.acme.example:8443', false],
    ['enterprise', 'https://chat.acme.example.evil.example', false],
    ['enterprise', 'https://evil-acme.example', false],
    ['enterprise', 'http://localhost:5173', false],
    ['demo', 'http://localhost:5173', false],
    ['dev', 'http://localhost:5173', true],
    ['dev', 'http://127.0.0.1:3000', true],
    ['dev', 'http://[::1]:3000', true],
    ['dev', 'http://localhost.evil.example', false],
    ['dev', 'null', false],
    ['dev', '', false],
  ] as const)('%s %s: %s', (type, origin, expected) => {
    expect(isOwnPage({ type, domains: ['chat.acme.example', 'acme.example'] }, origin)).toBe(expected);
  });
});

describe('a page that calls', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());
  afterAll(stopPostgres);

  const allowed = async (origin: string) =>
    (await world.chat(ASK, { headers: { origin } })).headers.get('access-control-allow-origin');

  test('on localhost may in a dev tenant and in no other; the configured ones may always', async () => {
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('http://evil.test')).toBeNull();
    expect(await allowed('http://chat.test')).toBe('http://chat.test');
    await world.close();
    world = await startWorld();
    world.billing.tenantType = 'enterprise';
    expect(await allowed('http://localhost:5173')).toBeNull();
    expect(await allowed('http://chat.test')).toBe('http://chat.test');
  });

  test('asks beforehand with the same answer, and none while billing has never been heard of', async () => {
    const preflight = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const answer = await fetch(`${world.url}/v1/chat/completions`, { method: 'OPTIONS', headers });
      return answer.headers.get('access-control-allow-origin');
    };
    await world.billing.stop();
    expect(await preflight('http://localhost:5173')).toBeNull();
    expect(await preflight('http://chat.test')).toBe('http://chat.test');
    await world.billing.start();
    expect(await preflight('http://localhost:5173')).toBe('http://localhost:5173');
  });
});
