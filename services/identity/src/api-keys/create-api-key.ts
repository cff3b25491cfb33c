/** A person makes an API key for themselves, an admin one for a service account. */
import type { ApiKeyCreateResponse, apiKeyCreateRequest } from '@cloudfreedom/contracts';
import { commonError, createSecret, sha256Hex, visiblePrefix } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { NO_ACCESS, NO_SESSION } from '../pocketbase/no-access.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';

const SUPERUSER = {
  message: 'A superuser of PocketBase is no person and has no keys: sign in as a platform admin.',
  german:
    'Ein Superuser von PocketBase ist keine Person und hat keine Schlüssel: Melden Sie sich als Plattform-Admin an.',
};

/** What PocketBase refuses a key for, in German. */
const GERMAN_REFUSALS: [RegExp, string][] = [
  [/^The field models names (.+), which is no model here\.$/, 'Das Feld models nennt $1, das hier kein Modell ist.'],
  [/^The field expiresAt lies in the past\.$/, 'Das Feld expiresAt liegt in der Vergangenheit.'],
  [
    /^The field userId names no service account that you may make keys for\.$/,
    'Das Feld userId nennt kein Dienstkonto, für das Sie Schlüssel anlegen dürfen.',
  ],
];

/** PocketBase's refusals name the field: "The field models names …". */
function refusal(message: string): { message: string; param?: string; german?: string } {
  const [, param] = /^The field (\w+) /.exec(message) ?? [];
  const [pattern, german] = GERMAN_REFUSALS.find(([pattern]) => pattern.test(message)) ?? [];
  return {
    message,
    ...(param === undefined ? {} : { param }),
    ...(pattern && german && { german: message.replace(pattern, german) }),
  };
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
  if (answer.status === 'unknown') throw commonError('unauthenticated', NO_SESSION);
  if (answer.status === 'superuser') throw commonError('forbidden', SUPERUSER);
  if (answer.status !== 'known') throw commonError('forbidden', NO_ACCESS[answer.status]);
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
    requestsPerMinute: wish.requestsPerMinute ?? 0,
    tokensPerMinute: wish.tokensPerMinute ?? 0,
    parallelRequests: wish.parallelRequests ?? 0,
  });
  if (row.status === 'refused') throw commonError('invalid_request', refusal(row.message));
  if (row.status !== 'stored') throw commonError('forbidden', NO_ACCESS[row.status]);
  return { id: row.id, name: wish.name, prefix, key };
}
