import type { ServiceTier } from '@cloudfreedom/contracts';

/** What providers call the tiers. OpenAI's `scale` is capacity paid for ahead, which has no price by the token. */
const TIERS: Record<string, ServiceTier> = {
  default: 'standard',
  standard: 'standard',
  scale: 'standard',
  flex: 'flex',
  priority: 'priority',
  batch: 'batch',
};

/** The tier that an answer says it was served at; null where it says none that is known here. */
export function readServiceTier(value: unknown): ServiceTier | null {
  return typeof value === 'string' && Object.hasOwn(TIERS, value) ? (TIERS[value] ?? null) : null;
}
