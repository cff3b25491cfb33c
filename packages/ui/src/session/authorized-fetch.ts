/** Requests to our services with the access token of the session. */
import type { z } from 'zod';
import type { AccessTokens } from './access-token.ts';
import { ApiFailure, reach, SessionEndedFailure } from './failure.ts';

interface ServiceRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as it is, instead of a body. */
  bytes?: Blob;
  signal?: AbortSignal | undefined;
}

export interface ServiceClient {
  /**
   * The response of a service that answered with success, whatever its body.
   * @throws ApiFailure, UnreachableFailure, SessionEndedFailure; AbortError when `signal` fires
   */
  send(url: string, request?: ServiceRequest): Promise<Response>;
  /** The same, its JSON checked against `schema`. A ZodError says that the service broke the contract. */
  json<S extends z.ZodType>(schema: S, url: string, request?: ServiceRequest): Promise<z.output<S>>;
}

/** `onSessionEnded` is told when identity, or a service with a fresh token, says that the session is over. */
export function createServiceClient(
  tokens: AccessTokens,
  onSessionEnded: () => void,
  /** The app's, which need not be the browser's. */
  language = () => document.documentElement.lang,
): ServiceClient {
  async function attempt(url: string, request: ServiceRequest, token: string): Promise<Response> {
    const headers = new Headers({
      ...request.headers,
      authorization: `Bearer ${token}`,
      'accept-language': language(),
    });
    if (request.bytes) headers.set('content-type', 'application/octet-stream');
    else if (request.body !== undefined) headers.set('content-type', 'application/json');
    return reach(url, {
      method: request.method ?? 'GET',
      headers,
      body: request.bytes ?? (request.body === undefined ? null : JSON.stringify(request.body)),
      signal: request.signal ?? null,
    });
  }

  async function sendRenewingOnce(url: string, request: ServiceRequest): Promise<Response> {
    const token = await tokens.get();
    const response = await attempt(url, request, token);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    const again = await attempt(url, request, await tokens.renew(token));
    if (again.status === 401) throw new SessionEndedFailure('refused with a fresh token');
    return again;
  }

  async function send(url: string, request: ServiceRequest = {}): Promise<Response> {
    try {
      const response = await sendRenewingOnce(url, request);
      if (response.ok) return response;
      throw new ApiFailure(response.status, await response.json().catch(() => null));
    } catch (error) {
      if (error instanceof SessionEndedFailure) onSessionEnded();
      throw error;
    }
  }

  return {
    send,
    async json(schema, url, request) {
      const response = await send(url, request);
      return schema.parse(await response.json());
    },
  };
}
