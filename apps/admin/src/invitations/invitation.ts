/** An invitation that nobody has accepted yet, as PocketBase's collection has it. */
import { recordId, role } from '@cloudfreedom/contracts';
import { z } from 'zod';

/** PocketBase writes a space where ISO 8601 has a T. */
const instant = z.string().transform((text) => text.replace(' ', 'T'));

export const invitation = z.object({
  id: recordId,
  email: z.string(),
  name: z.string(),
  role,
  expires: instant,
});
export type Invitation = z.infer<typeof invitation>;

export const isExpired = ({ expires }: Invitation): boolean => Date.parse(expires) <= Date.now();
