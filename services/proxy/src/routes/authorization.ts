import type { IncomingHttpHeaders } from 'node:http';
import type { Presented } from '../inference/authenticate.ts';
import { openWebUiHeaders } from '../open-webui/signed-header.ts';

/** The credential as an Authorization header: Anthropic's clients send a key as `x-api-key`. */
export function authorizationOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  return headers.authorization ?? (typeof key === 'string' && key ? `Bearer ${key}` : undefined);
}

/** Where models are listed and asked, Open WebUI may speak for a person. */
export function presentedBy(headers: IncomingHttpHeaders): Presented {
  return { authorization: authorizationOf(headers), openWebUi: openWebUiHeaders(headers) };
}
