/** What a request asks for beside plain tokens of the standard tier, with the field that asks for it. */
import type { RareMeter, ServiceTier } from '@cloudfreedom/contracts';

export interface Extras {
  /** Beside the standard one, which may be served instead. */
  serviceTier: { tier: Exclude<ServiceTier, 'standard'>; param: string } | null;
  rareMeters: { meter: RareMeter; param: string }[];
  /** Tools that the provider runs by itself: how often, and what they read, isn't known before. */
  serverTools: { param: string } | null;
}

export function noExtras(): Extras {
  return { serviceTier: null, rareMeters: [], serverTools: null };
}
