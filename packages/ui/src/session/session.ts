/** Who is signed in, and the clients that act for that person. The PocketBase session lives in the SDK's own store. */
import PocketBase, { ClientResponseError, LocalAuthStore } from 'pocketbase';
import { createAccessTokens } from './access-token.ts';
import { createServiceClient, type ServiceClient } from './authorized-fetch.ts';
import { type Person, readPerson } from './person.ts';

/** `ended`: the session is over while the app is open; it stays as it is below a sign-in dialog. */
export type SessionState =
  | { status: 'signed_out' }
  | { status: 'signed_in'; person: Person }
  | { status: 'ended'; person: Person };

/** The first factor was right; a code by mail is asked for. */
interface SecondFactor {
  mfaId: string;
}

/** What a sign-in provider sent back. */
export interface ProviderCode {
  provider: string;
  code: string;
  verifier: string;
  /** The address that it was sent back to. */
  redirectUrl: string;
}

export interface Session {
  pocketbase: PocketBase;
  services: ServiceClient;
  /**
   * With an access token for this audience alone: what a tenant's proxy is shown must open nothing else.
   * Identity refuses it for another tenant's.
   */
  servicesFor(audience: string): ServiceClient;
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Each way in: null where somebody is signed in now. @throws ClientResponseError of the SDK */
  signIn(email: string, password: string): Promise<SecondFactor | null>;
  signInWithProvider(code: ProviderCode): Promise<SecondFactor | null>;
  /** `mfaId`: the code is the second factor. */
  signInWithCode(given: { otpId: string; code: string; mfaId?: string }): Promise<SecondFactor | null>;
  /** A code by mail in the place of a password. @returns its id, also for an unknown address */
  requestCode(email: string): Promise<string>;
  signOut(): void;
}

export interface SessionOptions {
  pocketbaseUrl: string;
  identityUrl: string;
  /** What the access token is for, given the person. */
  audiences: (person: Person) => string[];
}

const PEOPLE = 'users';

export function createSession(options: SessionOptions): Session {
  const pocketbase = new PocketBase(options.pocketbaseUrl);
  pocketbase.autoCancellation(false);
  const listeners = new Set<() => void>();
  let state: SessionState = storedState(pocketbase);
  let endedToken = '';

  const tokensFor = (audiences: () => string[]) =>
    createAccessTokens({
      identityUrl: options.identityUrl,
      sessionToken: () => (pocketbase.authStore.isValid ? pocketbase.authStore.token : ''),
      audiences,
    });
  const tokens = tokensFor(() => (state.status === 'signed_out' ? [] : options.audiences(state.person)));
  const single = new Map<string, ServiceClient>();

  function forgetTokens(): void {
    tokens.forget();
    single.clear();
  }

  function change(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function end(): void {
    forgetTokens();
    endedToken = pocketbase.authStore.token;
    if (state.status === 'signed_in') change({ status: 'ended', person: state.person });
  }

  const people = pocketbase.collection(PEOPLE);

  async function enter(attempt: Promise<unknown>): Promise<SecondFactor | null> {
    try {
      await attempt;
    } catch (error) {
      const mfaId = secondFactorOf(error);
      if (mfaId === undefined) throw error;
      return { mfaId };
    }
    adopt();
    return null;
  }

  /** Somebody has signed in, here or in another tab. */
  function adopt(): void {
    forgetTokens();
    const next = storedState(pocketbase);
    const previous = state;
    change(next);
    // Somebody else at the same screen must not find what the person before them had open.
    const samePerson =
      next.status === 'signed_in' && previous.status === 'ended' && next.person.id === previous.person.id;
    if (previous.status === 'ended' && !samePerson) window.location.assign('/');
  }

  const session: Session = {
    pocketbase,
    services: createServiceClient(tokens, end),
    servicesFor(audience) {
      // That one proxy takes no token of ours does not end the session everywhere else.
      const client =
        single.get(audience) ??
        createServiceClient(
          tokensFor(() => [audience]),
          () => undefined,
        );
      single.set(audience, client);
      return client;
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signIn: (email, password) => enter(people.authWithPassword(email, password)),
    signInWithProvider: ({ provider, code, verifier, redirectUrl }) =>
      enter(people.authWithOAuth2Code(provider, code, verifier, redirectUrl)),
    signInWithCode: ({ otpId, code, mfaId }) =>
      enter(people.authWithOTP(otpId, code, mfaId === undefined ? {} : { mfaId })),
    requestCode: async (email) => (await people.requestOTP(email)).otpId,
    signOut() {
      pocketbase.authStore.clear();
      forgetTokens();
      change({ status: 'signed_out' });
    },
  };
  // A provider's sign-in page opens in a tab of its own where this one must not lose what was typed.
  pocketbase.authStore.onChange(() => {
    if (state.status === 'ended' && pocketbase.authStore.isValid && pocketbase.authStore.token !== endedToken) adopt();
  });
  if (state.status === 'signed_in') void refreshStored(pocketbase, change);
  return session;
}

function secondFactorOf(error: unknown): string | undefined {
  if (!(error instanceof ClientResponseError) || error.status !== 401) return undefined;
  const { mfaId } = error.response;
  return typeof mfaId === 'string' ? mfaId : undefined;
}

function storedState(pocketbase: PocketBase): SessionState {
  const person = pocketbase.authStore.isValid ? readPerson(pocketbase.authStore.record) : undefined;
  return person ? { status: 'signed_in', person } : { status: 'signed_out' };
}

/** The language of whoever is signed in here, before there is a session to ask; '' where nobody is, or it is unknown. */
export function storedLocale(): Person['locale'] {
  const store = new LocalAuthStore();
  return (store.isValid && readPerson(store.record)?.locale) || '';
}

/** Role and name may have changed since the session was stored. PocketBase down: go on with what is stored. */
async function refreshStored(pocketbase: PocketBase, change: (state: SessionState) => void): Promise<void> {
  try {
    await pocketbase.collection(PEOPLE).authRefresh();
    change(storedState(pocketbase));
  } catch (error) {
    if (!(error instanceof ClientResponseError) || ![400, 401, 403, 404].includes(error.status)) return;
    pocketbase.authStore.clear();
    change({ status: 'signed_out' });
  }
}
