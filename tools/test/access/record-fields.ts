/** Fields of new records that are valid and meet nobody else's. */
import { randomBytes } from 'node:crypto';
import type { RecordModel } from 'pocketbase';

export const randomWord = () => randomBytes(6).toString('hex');

export const newTenant = () => ({
  name: 'Access table',
  slug: `t-${randomWord()}`,
  type: 'demo',
  monthly_budget_eur: '100',
});
export const newProduct = () => ({ name: `Access table ${randomWord()}`, monthly_budget_eur: '20' });
export const newModel = (enabled = true) => ({
  name: `access-table-${randomWord()}`,
  display_name: 'Access table',
  provider: 'openai',
  upstream_model: 'access-table',
  region: 'eu',
  context_tokens: 1000,
  output_tokens_max: 100,
  reasoning: 'none',
  kind: 'chat',
  enabled,
});
export function newPerson(fields: Record<string, unknown>): Record<string, unknown> {
  const password = randomBytes(12).toString('base64url');
  return {
    email: `p${randomWord()}@access.example`,
    password,
    passwordConfirm: password,
    name: 'Access table',
    ...fields,
  };
}
export const newSuperuser = () => ({ ...newPerson({}), name: undefined });
export const newKey = (user: RecordModel, fields: Record<string, unknown> = {}) => ({
  user: user.id,
  tenant: user.tenant,
  name: 'access table',
  prefix: 'cf-Ab12',
  key_hash: randomBytes(32).toString('hex'),
  ...fields,
});
export const newInvitation = (tenant: string) => ({
  email: `p${randomWord()}@access.example`,
  name: 'Access table',
  tenant,
  role: 'member',
  locale: 'de',
  token_hash: randomBytes(32).toString('hex'),
  expires: new Date(Date.now() + 86_400_000).toISOString(),
});

/** What PocketBase keeps beside a person. */
const beside = ({ collectionId, id }: RecordModel) => ({ collectionRef: collectionId, recordRef: id });
export const newMfa = (person: RecordModel) => ({ ...beside(person), method: 'password' });
export const newOtp = (person: RecordModel) => ({ ...beside(person), password: randomWord() });
export const newExternalAuth = (person: RecordModel) => ({
  ...beside(person),
  provider: 'google',
  providerId: randomWord(),
});
export const newAuthOrigin = (person: RecordModel) => ({ ...beside(person), fingerprint: randomWord() });
