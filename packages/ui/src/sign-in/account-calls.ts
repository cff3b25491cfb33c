/** What people can do about their account before they are signed in. */
import { acceptedInvitation, codeRequested, type OpenInvitation, openInvitation } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';

const post = (pocketbase: PocketBase, path: string, body: Record<string, unknown>): Promise<unknown> =>
  pocketbase.send(path, { method: 'POST', body });

/** A code by mail for a sign-in that waits for its second factor. @throws ClientResponseError */
export async function requestCode(pocketbase: PocketBase, mfaId: string): Promise<string> {
  return codeRequested.parse(await post(pocketbase, '/api/sign-in/code', { mfaId })).otpId;
}

/** @throws ClientResponseError with `token` among its fields where the link is no longer good */
export async function readInvitation(pocketbase: PocketBase, token: string): Promise<OpenInvitation> {
  return openInvitation.parse(await post(pocketbase, '/api/invitations/open', { token }));
}

/** @returns the address to sign in with @throws ClientResponseError */
export async function acceptInvitation(pocketbase: PocketBase, token: string, password: string): Promise<string> {
  return acceptedInvitation.parse(await post(pocketbase, '/api/invitations/accept', { token, password })).email;
}

export async function renewInvitation(pocketbase: PocketBase, token: string): Promise<void> {
  await post(pocketbase, '/api/invitations/renew', { token });
}

/** PocketBase's code for what is wrong with a field, or undefined. */
export function faultOfField(error: unknown, field: string): string | undefined {
  if (!(error instanceof ClientResponseError)) return undefined;
  const code: unknown = error.response.data?.[field]?.code;
  return typeof code === 'string' ? code : undefined;
}
