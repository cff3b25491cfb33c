import { expect, test } from 'vitest';
import { connectSource, pageHeaders } from '../src/page-headers.ts';

test.each([
  ['https://api.example.com', 'https://api.example.com'],
  ['https://app.example.com:8443/conversations-api?x', 'https://app.example.com:8443'],
  ['https://ai.{tenant}.example.com/v1', 'https://*.example.com'],
  ['https://{tenant}.example.com', 'https://*.example.com'],
  ['https://ai.example.com/{tenant}', 'https://ai.example.com'],
])('%s is named %s in the policy', (address, source) => {
  expect(connectSource(address)).toBe(source);
});

test('without a service a page may ask nobody but where it came from', () => {
  expect(pageHeaders([])['content-security-policy']).toContain("connect-src 'self';");
});
