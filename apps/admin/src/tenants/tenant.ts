/** A tenant as PocketBase's collection has it. */
import { locale, recordId, TENANT_TYPES } from '@cloudfreedom/contracts';
import { z } from 'zod';

export const tenant = z.object({
  id: recordId,
  name: z.string(),
  slug: z.string(),
  type: z.enum(TENANT_TYPES),
  status: z.enum(['active', 'suspended']),
  time_zone: z.string(),
  locale,
  /** End of a demo; empty: none. */
  expires_at: z.string(),
  /** How long requests and answers are kept; 0: not at all. */
  content_log_days: z.number(),
  /** Host names of its own pages and of its proxy. */
  domains: z
    .array(z.string())
    .nullable()
    .transform((domains) => domains ?? []),
});
export type Tenant = z.infer<typeof tenant>;
