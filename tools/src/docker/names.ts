/**
 * Names that no server of names knows lead to this machine, in the process that loads this: the trial itself and the
 * commands that it runs (`--import`).
 */
import dns, { type LookupAddress } from 'node:dns';

/** Reserved for trials: nobody can own them. */
export const CORE_DOMAIN = 'cloudfreedom.test';
export const TENANT_DOMAIN = 'trial.test';
/** Where Traefik listens: one of Linux's own addresses, so that nothing else of this machine has its ports. */
export const ADDRESS = process.platform === 'linux' ? '127.0.53.1' : '127.0.0.1';

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (hostname: string, options: unknown, callback?: Callback) => void;

const lookup = dns.lookup as unknown as Lookup;
const trialLookup: Lookup = (hostname, options, callback) => {
  if (!hostname.endsWith(`.${CORE_DOMAIN}`) && !hostname.endsWith(`.${TENANT_DOMAIN}`))
    return lookup(hostname, options, callback);
  const answer = typeof options === 'function' ? (options as Callback) : callback;
  const isList = typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  process.nextTick(() => (isList ? answer?.(null, [{ address: ADDRESS, family: 4 }]) : answer?.(null, ADDRESS, 4)));
};
Object.assign(dns, { lookup: trialLookup });
