/**
 * Billing -> proxy `GET /v1/events` (bearer: the tenant's service token): server-sent events, each `id` and `data` only.
 * `Last-Event-ID` resumes behind the event of that id; an `id` without data says how far the stream has come.
 */
import { z } from 'zod';

/** `reset`: anything may have changed. A price's id is the upstream model's name. */
export const DIRECTORY_EVENT_KINDS = ['tenant', 'product', 'user', 'api_key', 'model', 'price', 'reset'] as const;

/** Something that concerns the tenant has changed; what, the reader asks for when it needs it. */
export const directoryEvent = z.object({
  kind: z.enum(DIRECTORY_EVENT_KINDS),
  id: z.string().meta({ description: 'of the record; empty for a reset' }),
});
export type DirectoryEvent = z.infer<typeof directoryEvent>;

/** What `Last-Event-ID` may be; anything else is answered by a reset. */
export const directoryEventId = z.string().regex(/^[0-9]{1,18}-[0-9a-f-]{36}$/);
