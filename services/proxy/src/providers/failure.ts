/** What adapters share about failures: the words without secrets and addresses, the time to wait, the kind by status. */
import type { FailureKind, UpstreamFailure } from './provider.ts';

const MESSAGE_LENGTH_MAX = 1000;

/** In this order: an address may carry a key in its query. */
const CONFIDENTIAL: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, '[address]'],
  [
    /\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|io|dev|ai|cloud|app|internal|local)\b(?::\d+)?(?:\/[^\s"'<>]*)?/gi,
    '[address]',
  ],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?/g, '[address]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [secret]'],
  [
    /(\b(?:x-)?(?:api|access|secret)?[ _-]?(?:key|token|secret|password)\b[^:=\n]{0,20}[:=]\s*["']?)[^\s"',;]+/gi,
    '$1[secret]',
  ],
  [/\b(?:sk|pk|rk|xai|gsk|ghp|org|proj|user|ya29|eyJ)[-_.][\w*.-]{4,}/g, '[secret]'],
  [/\bAIza[\w-]{10,}/g, '[secret]'],
  [/\b(?:project|projects\/|organization)\s*\d{5,}/gi, '[secret]'],
  [
    /(?<![\w-])(?!(?:call|toolu|msg|chatcmpl|req|resp)[_-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,200}(?![\w-])/g,
    '[secret]',
  ],
];

/** The provider's words as anybody may read them: no key, no address, no account. */
export function cleanMessage(text: string, fallback: string): string {
  // Cut first: the patterns then run over a short text, whatever the provider sent.
  let clean = text.slice(0, MESSAGE_LENGTH_MAX * 2).trim();
  for (const [pattern, replacement] of CONFIDENTIAL) clean = clean.replace(pattern, replacement);
  return clean.slice(0, MESSAGE_LENGTH_MAX) || fallback;
}

export function malformedAnswer(message: string): UpstreamFailure {
  return { kind: 'malformed_answer', status: 0, message, param: null, retryAfterMs: null };
}

const KIND_BY_STATUS: Record<number, FailureKind> = {
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'model_not_found',
  408: 'timeout',
  429: 'rate_limited',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** The kind where only the status speaks; 0 and everything strange is the server's fault. */
export function kindOfStatus(status: number): FailureKind {
  return KIND_BY_STATUS[status] ?? (status >= 400 && status < 499 ? 'invalid_request' : 'server_error');
}

/**
 * How long the provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. A date counts from
 * the answer's own `date` header, because an adapter has no clock; without one it says nothing.
 */
export function retryAfterMs(headers: Record<string, string>): number | null {
  const exact = Number(headers['retry-after-ms'] || Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  const after = headers['retry-after']?.trim();
  if (!after) return null;
  if (/^\d+(\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1000);
  const waitMs = Date.parse(after) - Date.parse(headers.date ?? '');
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}
