/** What the proxy keeps of one person, as its export shows it. */
import { RawJson } from '@cloudfreedom/service-kit';
import type { IdempotencyKeyStore } from '../idempotency/idempotency-key.store.ts';
import type { OpenWebUiAccountStore } from '../open-webui/account.store.ts';
import type { KeptResponseStore } from './kept-response.store.ts';

export interface Kept {
  responses: Pick<KeptResponseStore, 'each'>;
  usedKeys: Pick<IdempotencyKeyStore, 'list'>;
  openWebUiAccounts: Pick<OpenWebUiAccountStore, 'list'>;
}

/** Input and response are JSON as it was kept: it is not read and written anew. */
export async function* eachExportedResponse({ responses }: Kept, subjectId: string): AsyncGenerator<unknown> {
  for await (const { id, previousId, createdAt, input, response } of responses.each(subjectId))
    yield { id, previousId, at: createdAt.toISOString(), input: new RawJson(input), response: new RawJson(response) };
}

export async function listExportedKeys({ usedKeys }: Kept, subjectId: string): Promise<unknown[]> {
  const found = await usedKeys.list(subjectId);
  return found.map(({ requestId, keySha256, createdAt }) => ({ requestId, keySha256, at: createdAt.toISOString() }));
}

export async function listExportedAccounts({ openWebUiAccounts }: Kept, subjectId: string): Promise<unknown[]> {
  const found = await openWebUiAccounts.list(subjectId);
  return found.map(({ accountId, createdAt, tokenIssuedAt }) => ({
    accountId,
    at: createdAt.toISOString(),
    signedInAt: tokenIssuedAt.toISOString(),
  }));
}
