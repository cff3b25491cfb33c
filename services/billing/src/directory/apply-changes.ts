import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DirectoryChange } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { billingError } from '../errors.ts';
import { writeDirectoryChanges } from './directory.store.ts';

/**
 * Check that a body was signed with the shared secret, in constant time.
 * @throws ApiError invalid_signature
 */
export function verifySignature(secret: string, body: Buffer, signature: string | undefined): void {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature ?? '') ? (signature ?? '') : '', 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw billingError('invalid_signature');
}

/** Apply what is newer than the copy; a repeated or late change does nothing. @returns how many were applied */
export function applyChanges(pool: Pool, changes: DirectoryChange[]): Promise<number> {
  return writeDirectoryChanges(pool, changes);
}
