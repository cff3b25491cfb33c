/**
 * API keys and service tokens: a prefix that scanners know, 40 random letters and digits, a checksum of six, so that a
 * mistyped or cut key is told from an unknown one without asking anybody.
 */
import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 40;
const CHECKSUM_LENGTH = 6;
export type SecretPrefix = 'cf-' | 'cfs-';

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    text = ALPHABET[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** A new secret: `cf-` for an API key of a person, `cfs-` for a tenant's service token. About 238 bits of chance. */
export function createSecret(prefix: SecretPrefix): string {
  let body = prefix as string;
  for (let index = 0; index < RANDOM_LENGTH; index++) body += ALPHABET[randomInt(62)];
  return body + checksum(body);
}

/** Has it our form and the right checksum? Says nothing about whether it exists. */
export function isWellFormedSecret(text: string, prefix: SecretPrefix): boolean {
  if (!text.startsWith(prefix) || text.length !== prefix.length + RANDOM_LENGTH + CHECKSUM_LENGTH) return false;
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** SHA-256 in hex: the form in which secrets are kept. They have enough chance in them to need no salt. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}

/** What may be shown of a key later: `cf-Ab12…`. */
export function visiblePrefix(secret: string): string {
  return secret.slice(0, 8);
}
