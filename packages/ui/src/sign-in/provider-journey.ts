/** The way to a sign-in provider and back; what has to match on the way back is kept in this tab. */
import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { z } from 'zod';
import type { ProviderCode } from '../session/session.ts';

const STORAGE_KEY = 'cloudfreedom-provider-journey';
/** A page of this address and nothing else: `//elsewhere` would lead away. */
const ownPath = z
  .string()
  .regex(/^\/(?![/\\])/)
  .catch('/');
const journey = z.object({ provider: z.string(), state: z.string(), verifier: z.string(), from: ownPath });

const returnUrl = () => `${window.location.origin}${SIGN_IN_PATHS.providerReturn}`;

/** Leave for the provider. @param from the page to come back to @throws ClientResponseError; Error where the provider is not offered */
export async function leaveForProvider(pocketbase: PocketBase, name: string, from: string): Promise<void> {
  const { oauth2 } = await pocketbase.collection('users').listAuthMethods();
  const provider = oauth2.providers.find((offered) => offered.name === name);
  if (!provider) throw new Error(`no provider ${name}`);
  const { state, codeVerifier: verifier } = provider;
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ provider: name, state, verifier, from }));
  window.location.assign(`${provider.authURL}${encodeURIComponent(returnUrl())}`);
}

/** What came back, where it belongs to what this tab has begun; good once. */
export function readReturn(params: URLSearchParams): { code: ProviderCode; from: string } | undefined {
  const stored = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  const begun = journey.safeParse(JSON.parse(stored ?? 'null'));
  const code = params.get('code');
  if (!begun.success || code === null || params.get('state') !== begun.data.state) return undefined;
  const { provider, verifier, from } = begun.data;
  return { code: { provider, code, verifier, redirectUrl: returnUrl() }, from };
}
