/** A person makes an API key for themselves, an admin one for a service account. */
import type { ApiKeyCreateResponse, apiKeyCreateRequest } from '@cloudfreedom/contracts';
import { commonError, createSecret, sha256Hex, visiblePrefix } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { NO_ACCESS } from '../pocketbase/no-access.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';

const SUPERUSER = 'A superuser of PocketBase is no person and has no keys: sign in as a platform admin.';

/** PocketBase's refusals name the field: "The field models names …". */
function namedField(message: string): { message: string; param?: string } {
  const [, param] = /^The field (\w+) /.exec(message) ?? [];
  return param === undefined ? { message } : { message, param };
}

/**
 * The key itself is in the answer and nowhere else; only its SHA-256 is kept.
 * @throws ApiError `unauthenticated`, `forbidden` (suspended, or the demo has ended), `invalid_request` or `unavailable`
 */
export async function createApiKey(
  pocketbase: PocketBaseClient,
  session: string,
  wish: z.infer<typeof apiKeyCreateRequest>,
): Promise<ApiKeyCreateResponse> {
  const answer = await pocketbase.personOf(session);
  if (answer.status === 'unknown')
    throw commonError('unauthenticated', { message: 'The session is not valid, or has ended. Sign in again.' });
  if (answer.status === 'superuser') throw commonError('forbidden', { message: SUPERUSER });
  if (answer.status !== 'known') throw commonError('forbidden', { message: NO_ACCESS[answer.status] });
  const key = createSecret('cf-');
  const prefix = visiblePrefix(key);
  const row = await pocketbase.storeApiKey({
    callerId: answer.person.id,
    userId: wish.userId ?? answer.person.id,
    name: wish.name,
    sha256: sha256Hex(key),
    prefix,
    expiresAt: wish.expiresAt ?? '',
    monthlyBudgetEur: wish.monthlyBudgetEur ?? '',
    models: wish.models ?? [],
  });
  if (row.status === 'refused') throw commonError('invalid_request', namedField(row.message));
  if (row.status !== 'stored') throw commonError('forbidden', { message: NO_ACCESS[row.status] });
  return { id: row.id, name: wish.name, prefix, key };
}
