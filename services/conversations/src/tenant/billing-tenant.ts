/** This tenant as billing's copy of the directory has it. */
import { type Catalogue, catalogue } from '@cloudfreedom/contracts';

const TIMEOUT_MS = 5_000;

export type Tenant = Catalogue['tenant'];

/** @throws when billing doesn't answer so */
export async function readTenant(billing: { url: string; serviceToken: string }): Promise<Tenant> {
  const response = await fetch(`${billing.url.replace(/\/+$/, '')}/v1/catalogue`, {
    headers: { authorization: `Bearer ${billing.serviceToken}` },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`billing answered ${response.status} to the question what it knows of this tenant`);
  }
  return catalogue.shape.tenant.parse(((await response.json()) as { tenant?: unknown }).tenant);
}
