/** How long this tenant keeps its chats, as billing's copy of the directory has it. */
import { catalogue } from '@cloudfreedom/contracts';

const TIMEOUT_MS = 5_000;

/** @returns days; 0: for as long as people want. @throws when billing doesn't answer so */
export async function readRetentionDays(billing: { url: string; serviceToken: string }): Promise<number> {
  const response = await fetch(`${billing.url.replace(/\/+$/, '')}/v1/catalogue`, {
    headers: { authorization: `Bearer ${billing.serviceToken}` },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`billing answered ${response.status} to the question how long chats are kept`);
  }
  return catalogue.shape.tenant.parse(((await response.json()) as { tenant?: unknown }).tenant).retentionDays;
}
