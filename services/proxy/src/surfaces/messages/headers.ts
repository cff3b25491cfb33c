import { commonError } from '@cloudfreedom/service-kit';

/** What of a request's headers is for Anthropic. */
export interface AnthropicHeaders {
  version: string;
  /** Names of betas, separated by commas; null: none. */
  beta: string | null;
}

const VERSION_DEFAULT = '2023-06-01';
const BETA_LENGTH_MAX = 4_000;

/** @throws ApiError `invalid_request` that names the header */
export function readHeaders(headers: Record<string, string | string[] | undefined>): AnthropicHeaders {
  const version = textOf(headers['anthropic-version']) || VERSION_DEFAULT;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(version)) throw badHeader('anthropic-version', 'expected a date such as 2023-06-01');
  const beta = textOf(headers['anthropic-beta']);
  if (beta.length > BETA_LENGTH_MAX || !/^[\w.,: -]*$/.test(beta))
    throw badHeader('anthropic-beta', 'expected names separated by commas');
  return { version, beta: beta.trim() || null };
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function badHeader(name: string, message: string) {
  return commonError('invalid_request', { message: `${name}: ${message}.`, param: name });
}
