/**
 * Names that no server of names knows lead to this machine, in the process that loads this: the trial itself and the
 * commands that it runs (`--import`).
 */
import dns, { type LookupAddress } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/** Reserved for trials: nobody can own them. */
export const CORE_DOMAIN = 'cloudfreedom.test';
export const TENANT_DOMAIN = 'trial.test';
/** Where Traefik listens: one of Linux's own addresses, so that nothing else of this machine has its ports. */
export const ADDRESS = process.platform === 'linux' ? '127.0.53.1' : '127.0.0.1';

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (hostname: string, options: unknown, callback?: Callback) => void;

const isOfTrial = (host: string) => host.endsWith(`.${CORE_DOMAIN}`) || host.endsWith(`.${TENANT_DOMAIN}`);
const lookup = dns.lookup as unknown as Lookup;
const trialLookup: Lookup = (hostname, options, callback) => {
  if (!isOfTrial(hostname)) return lookup(hostname, options, callback);
  const answer = typeof options === 'function' ? (options as Callback) : callback;
  const isList = typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  process.nextTick(() => (isList ? answer?.(null, [{ address: ADDRESS, family: 4 }]) : answer?.(null, ADDRESS, 4)));
};
Object.assign(dns, { lookup: trialLookup });
const asked = dns.promises.lookup;
Object.assign(dns.promises, {
  lookup: async (host: string) => (isOfTrial(host) ? { address: ADDRESS, family: 4 } : asked(host)),
});
syncBuiltinESMExports();
