/** What routes ask of the OpenID provider: to answer a request of its own, and to go on after somebody has signed in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonError, type Logger } from '@cloudfreedom/service-kit';
import type Provider from 'oidc-provider';
import { NO_ACCESS, NO_SESSION } from '../pocketbase/no-access.ts';
import type { Keyring } from '../signing-keys/keyring.ts';
import { rememberSessionMark } from './person.store.ts';
import { createProvider, type ProviderParts, TENANT } from './provider.ts';
import { deleteExpiredRecords } from './record.store.ts';

const CLEAN_EVERY_MS = 15 * 60_000;

const EXPIRED = {
  message: 'This sign-in has expired. Go back to the application and sign in there again.',
  german: 'Diese Anmeldung ist abgelaufen. Gehen Sie zurück zur Anwendung und melden Sie sich dort noch einmal an.',
};
const OTHER_TENANT = {
  message: 'This application belongs to another organisation.',
  german: 'Diese Anwendung gehört einer anderen Organisation.',
};
const SUPERUSER = {
  message: 'A superuser of PocketBase is no person here.',
  german: 'Ein Superuser von PocketBase ist hier keine Person.',
};

export interface OpenId {
  /** Answers the provider's own addresses. */
  handler(): Promise<(request: IncomingMessage, response: ServerResponse) => Promise<void>>;
  /** The application that waits for the sign-in of this browser. @throws ApiError `not_found` when none does (any more) */
  detailsOf(request: IncomingMessage, response: ServerResponse): Promise<{ application: string }>;
  /**
   * The person of this PocketBase session is signed in, at the application that waits for it.
   * @returns where the browser goes on
   * @throws ApiError `not_found`, `unauthenticated`, `forbidden` (suspended, other tenant), `unavailable`
   */
  signIn(request: IncomingMessage, response: ServerResponse, session: string): Promise<string>;
  close(): void;
}

type Parts = ProviderParts & { keyring: Keyring; logger: Logger };

/** One provider per set of keys: it can't exchange them while it lives. */
function providers(parts: Parts): () => Promise<Provider> {
  let made: { kids: string; provider: Provider } | undefined;
  return async () => {
    const keys = await parts.keyring.privateKeys();
    const kids = keys.map(({ kid }) => kid).join(' ');
    if (made?.kids !== kids) made = { kids, provider: createProvider(parts, keys) };
    return made.provider;
  };
}

export function createOpenId(parts: Parts): OpenId {
  const current = providers(parts);
  const clean = () =>
    deleteExpiredRecords(parts.pool).catch((error) => parts.logger.warn({ err: error }, 'expired sessions stay'));
  const timer = setInterval(clean, CLEAN_EVERY_MS);
  timer.unref();

  async function waiting(request: IncomingMessage, response: ServerResponse) {
    const provider = await current();
    try {
      const interaction = await provider.interactionDetails(request, response);
      const client = await provider.Client.find(String(interaction.params.client_id));
      if (client) return { provider, client };
    } catch (error) {
      if ((error as Error).name !== 'SessionNotFound') throw error;
    }
    throw commonError('not_found', EXPIRED);
  }

  return {
    handler: async () => (await current()).callback(),
    detailsOf: async (request, response) => {
      const { client } = await waiting(request, response);
      return { application: client.clientName ?? client.clientId };
    },
    signIn: async (request, response, session) => {
      const { provider, client } = await waiting(request, response);
      const answer = await parts.pocketbase.personOf(session);
      if (answer.status === 'unknown') throw commonError('unauthenticated', NO_SESSION);
      if (answer.status === 'superuser') throw commonError('forbidden', SUPERUSER);
      if (answer.status !== 'known') throw commonError('forbidden', NO_ACCESS[answer.status]);
      if (answer.person.tenantId !== client[TENANT]) throw commonError('forbidden', OTHER_TENANT);
      const person = await parts.pocketbase.personById(answer.person.id);
      if (person.status !== 'known') throw commonError('unauthenticated', NO_SESSION);
      await rememberSessionMark(parts.pool, person.person.id, person.person.sessionMark);
      const login = { accountId: person.person.id, remember: true };
      return provider.interactionResult(request, response, { login }, { mergeWithLastSubmission: false });
    },
    close: () => clearInterval(timer),
  };
}
