import type { IncomingHttpHeaders } from 'node:http';

/** Does the sender of this request read answers in Anthropic's form? */
export function isAnthropicClient({ url, headers }: { url: string; headers: IncomingHttpHeaders }): boolean {
  if (/^\/v1\/messages(?:[/?]|$)/.test(url)) return true;
  return headers['anthropic-version'] !== undefined && /^\/v1\/models(?:[/?]|$)/.test(url);
}
