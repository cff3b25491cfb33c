/** Who somebody is to the applications of their tenant; asked at every sign-in, code, refresh and userinfo. */
import type { personOfDirectory } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { type Account, errors } from 'oidc-provider';
import type { z } from 'zod';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { forgetPeople, readSessionMark } from './person.store.ts';

type DirectoryPerson = z.infer<typeof personOfDirectory>;
export interface PersonAccount extends Account {
  person: DirectoryPerson;
}

/** What applications know as roles: who administers the tenant administers its applications. */
const rolesOf = ({ role }: DirectoryPerson) => [role === 'member' ? 'user' : 'admin'];

/** As applications understand it. */
function notNow(cause: unknown): never {
  throw Object.assign(new errors.TemporarilyUnavailable(), { cause, status: 503, statusCode: 503 });
}

/**
 * @param tenantId of the application that asks; undefined where none does (a logout)
 * @returns undefined for whom may not (any more): unknown, suspended, of another tenant, sessions ended
 * @throws TemporarilyUnavailable: what was sent stays good
 */
export async function findAccount(
  parts: { pool: Pool; pocketbase: PocketBaseClient },
  tenantId: string | undefined,
  subjectId: string,
): Promise<PersonAccount | undefined> {
  const answer = await parts.pocketbase.personById(subjectId).catch(notNow);
  if (answer.status === 'unknown') await forgetPeople(parts.pool, [subjectId]);
  if (answer.status !== 'known') return undefined;
  const { person } = answer;
  if (tenantId !== undefined && person.tenantId !== tenantId) return undefined;
  if ((await readSessionMark(parts.pool, subjectId)) !== person.sessionMark) {
    await forgetPeople(parts.pool, [subjectId]);
    return undefined;
  }
  return {
    accountId: person.id,
    person,
    claims: () => ({
      sub: person.id,
      email: person.email,
      email_verified: person.emailVerified,
      name: person.name,
      locale: person.locale,
      roles: rolesOf(person),
    }),
  };
}
