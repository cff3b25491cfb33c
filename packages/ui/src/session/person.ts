/** The signed-in person as PocketBase's auth record has it. */
import { locale, recordId, role } from '@cloudfreedom/contracts';
import { z } from 'zod';

const authRecord = z.object({
  id: recordId,
  email: z.string(),
  name: z.string(),
  tenant: recordId,
  role,
  locale: z.union([locale, z.literal('')]).catch(''),
  verified: z.boolean().catch(true),
});

export interface Person {
  id: string;
  email: string;
  name: string;
  tenantId: string;
  role: z.infer<typeof role>;
  /** '' where the record names none. */
  locale: z.infer<typeof locale> | '';
  /** Whether the e-mail address is confirmed. */
  verified: boolean;
}

/** undefined where the record is not one of a person of a tenant (an old session of another version, for example). */
export function readPerson(record: unknown): Person | undefined {
  const parsed = authRecord.safeParse(record);
  if (!parsed.success) return undefined;
  const { tenant, ...rest } = parsed.data;
  return { ...rest, tenantId: tenant };
}
