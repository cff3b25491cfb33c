/**
 * What every page of ours is sent with, whoever serves it: the launcher, identity (its sign-in pages), nginx. One text, so
 * that a page that works in development isn't blocked in production, and nothing is open there that was closed here.
 */
import type { AppConfig } from './apps.ts';

const SELF = "'self'";
const NONE = "'none'";

/** Directives of the content security policy. @param connect where the page's scripts may send requests, besides home */
export function pagePolicy(connect: string[]): Record<string, string[]> {
  return {
    'default-src': [NONE],
    'script-src': [SELF],
    // The component library sets its theme's variables in a style element.
    'style-src': [SELF, "'unsafe-inline'"],
    'img-src': [SELF, 'data:'],
    'font-src': [SELF],
    'connect-src': [SELF, ...connect],
    'manifest-src': [SELF],
    'base-uri': [NONE],
    'form-action': [SELF],
    'frame-ancestors': [NONE],
  };
}

/** Headers of every answer with a part of a page, the files beside it included. Names in lower case. */
export function pageHeaders(connect: string[]): Record<string, string> {
  const policy = Object.entries(pagePolicy(connect)).map(([name, values]) => `${name} ${values.join(' ')}`);
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  };
}

/**
 * Origin of a service as the policy names it. A policy can't say "this tenant": an address with `{tenant}` in its host
 * stands for every host that ends like it.
 */
export function connectSource(address: string): string {
  const origin = /^https?:\/\/[^/]+/.exec(address)?.[0] ?? '';
  return origin.replace(/\/\/.*\{tenant\}/, '//*');
}

/** Where an app's scripts may send requests: its services. */
export function connectSources(config: AppConfig): string[] {
  const { pocketbaseUrl, identityUrl, billingUrl, proxyUrl, conversationsUrl } = config;
  return [pocketbaseUrl, identityUrl, billingUrl, proxyUrl, conversationsUrl]
    .filter((url) => url !== null)
    .map(connectSource);
}
