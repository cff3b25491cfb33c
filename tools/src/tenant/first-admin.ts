/** The first admin of a tenant by `--admin`: who has the address is asked before anything is made. */
import { sentInvitation } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import type { Progress } from './progress.ts';

const holder = z.object({ id: z.string(), tenant: z.string(), role: z.string() });
const invited = holder.extend({ expires: z.string() });

/** What there is of the address in this very tenant. */
type Standing = { kind: 'none' } | { kind: 'account' | 'invited' | 'expired'; id: string; role: string };

async function first<S extends z.ZodType>(schema: S, client: PocketBase, collection: string, email: string) {
  const filter = client.filter('email = {:email}', { email: email.toLowerCase() });
  const { items } = await client.collection(collection).getList(1, 1, { filter });
  return items[0] ? schema.parse(items[0]) : null;
}

/**
 * @param tenantId undefined: the tenant isn't there yet
 * @throws Fault where another tenant has the address: it belongs to one
 */
export async function findAdmin(client: PocketBase, email: string, tenantId: string | undefined): Promise<Standing> {
  const account = await first(holder, client, 'users', email);
  const invitation = account ? null : await first(invited, client, 'invitations', email);
  const found = account ?? invitation;
  if (!found) return { kind: 'none' };
  if (found.tenant !== tenantId)
    throw new Fault(
      `--admin: ${email} ${account ? 'has an account' : 'is invited'} in another tenant, and an address belongs to one: name another address${account ? '' : ', or withdraw that invitation in the portal'}.`,
    );
  const { id, role } = found;
  if (account) return { kind: 'account', id, role };
  const isPast = new Date(invitation?.expires ?? '').getTime() <= Date.now();
  return { kind: isPast ? 'expired' : 'invited', id, role };
}

const LATER = 'in the portal under People';

/** @returns why no mail is on its way; undefined: it is */
async function send(client: PocketBase, route: string, body: object): Promise<string | undefined> {
  try {
    const { mailSent } = sentInvitation.parse(await client.send(route, { method: 'POST', body }));
    return mailSent
      ? undefined
      : `it is there, but the mail server did not take its mail: mend that (SMTP), then send it again ${LATER}`;
  } catch (error) {
    // In the words of the language that the command's own account has.
    const hasNoMailServer = error instanceof ClientResponseError && error.status === 503 && /mail/i.test(error.message);
    if (!hasNoMailServer) throw error;
    return `PocketBase has no mail server, so nobody can be invited: set one up (SMTP), then invite ${LATER} or run this command again`;
  }
}

/** Whatever was not sent is said as a warning; never as done. */
export async function inviteAdmin(
  client: PocketBase,
  invitation: { email: string; tenant: string; product: string },
  standing: Standing,
  progress: Progress,
): Promise<void> {
  const name = `invitation of ${invitation.email}`;
  if (standing.kind === 'account' || standing.kind === 'invited') {
    const state = standing.kind === 'account' ? 'has an account already' : 'was invited before';
    if (standing.role !== 'member') return progress.done(`${name} (${state})`);
    return progress.warn(`${name}: ${state}, as ${standing.role}; make them an admin ${LATER}.`);
  }
  const [route, body] =
    standing.kind === 'expired'
      ? [`/api/invitations/${standing.id}/send`, {}]
      : ['/api/invitations', { ...invitation, name: invitation.email.split('@')[0], role: 'tenant_admin' }];
  const reason = await progress.attempt(name, () => send(client, route, body));
  if (reason === undefined) progress.done(name);
  else progress.warn(`${name}: ${reason}.`);
}
