import { expect, test } from 'vitest';
import { tenantAddress } from '../src/tenant-addresses.ts';

const PROXY = 'https://ai.{tenant}.example.com';
const OWN = ['webui.acme.example', 'app.acme.example', 'ai.acme.example', 'ai.old.example'];

test.each([
  ['proxy', PROXY, OWN, 'https://ai.acme.example'],
  ['chat', PROXY, OWN, 'https://app.acme.example'],
  ['proxy', null, OWN, 'https://ai.acme.example'],
  ['proxy', PROXY, [], 'https://ai.acme.example.com'],
  ['proxy', PROXY, ['chat.acme.example', 'mail.acme.example', 'said.ai.example'], 'https://ai.acme.example.com'],
  ['chat', 'http://127.0.0.1:4106', ['localhost'], 'http://127.0.0.1:4106'],
  ['chat', null, ['localhost'], null],
] as const)('the %s, with %s for all and the domains %j: %s', (of, template, domains, address) => {
  expect(tenantAddress(of, template, { slug: 'acme', domains: [...domains] })).toBe(address);
});
