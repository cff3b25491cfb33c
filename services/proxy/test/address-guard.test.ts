/** Which literal addresses a model's record may name. */
import { expect, test } from 'vitest';
import { requirePublicLiteral } from '../src/upstream/address-guard.ts';

const hostOf = (address: string) => new URL(`http://${address}/v1`).hostname;

test.each([
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '169.254.169.254',
  '100.100.100.200',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fec0::1]',
  '[fe80::1]',
  '[fd00::1]',
  '[100::1]',
])('%s is private', (address) => {
  expect(() => requirePublicLiteral(hostOf(address))).toThrow(/private address/);
});

test.each(['8.8.8.8', '[2606:4700::1111]', 'api.example.com'])('%s is public, or to be looked up', (address) => {
  expect(() => requirePublicLiteral(hostOf(address))).not.toThrow();
});
