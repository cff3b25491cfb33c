/** What can go wrong between an app and its services, sorted by what a person can do about it. */
import { errorBody } from '@cloudfreedom/contracts';
import { ClientResponseError } from 'pocketbase';

/** A service answered with an error body. */
export class ApiFailure extends Error {
  override name = 'ApiFailure';
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  /** The whole `error` object: some codes carry figures. */
  readonly detail: Record<string, unknown>;

  constructor(status: number, body: unknown) {
    const parsed = errorBody.safeParse(body);
    super(parsed.success ? parsed.data.error.message : `HTTP ${status}`);
    this.status = status;
    this.code = parsed.success ? parsed.data.error.code : null;
    this.param = parsed.success ? parsed.data.error.param : null;
    this.detail = parsed.success ? parsed.data.error : {};
  }
}

/** No answer came: no network, service down, refused by CORS. */
export class UnreachableFailure extends Error {
  override name = 'UnreachableFailure';
}

/** The session is no longer good for an access token: sign in again. */
export class SessionEndedFailure extends Error {
  override name = 'SessionEndedFailure';
}

export type FailureKind =
  | 'unreachable'
  | 'unavailable'
  | 'forbidden'
  | 'notFound'
  | 'sessionEnded'
  | 'tooMany'
  | 'refused'
  | 'unexpected';

function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'sessionEnded';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 429) return 'tooMany';
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'refused' : 'unexpected';
}

/** The kind decides the words; anything unknown is `unexpected`. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof UnreachableFailure) return 'unreachable';
  if (error instanceof SessionEndedFailure) return 'sessionEnded';
  if (error instanceof ApiFailure) return kindOfStatus(error.status);
  if (error instanceof ClientResponseError) return error.status === 0 ? 'unreachable' : kindOfStatus(error.status);
  return 'unexpected';
}

/** Fetch that tells "no answer" from an answer. An abort by the caller stays an `AbortError`. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new UnreachableFailure(new URL(url).origin, { cause: error });
  }
}
