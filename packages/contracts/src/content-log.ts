/**
 * Keeping what people ask and are answered: off unless a tenant's own admin switches it on. The words stay in the tenant's
 * database, with its proxy; billing and PocketBase know the setting, and who looked at which request.
 */
import { z } from 'zod';
import { recordId } from './directory.ts';

export const CONTENT_LOG_DAYS_MAX = 90;
/** Of one request's text, and of one answer's. */
export const CONTENT_CHARS_MAX = 65_536;

const days = z
  .number()
  .int()
  .min(0)
  .max(CONTENT_LOG_DAYS_MAX)
  .meta({ description: 'how long requests and answers are kept, in days; 0: not at all' });

/** PocketBase `POST /api/tenants/{id}/content-log`, by an admin of the tenant itself; to switch off also a platform admin. */
export const contentLogChange = z.object({
  days,
  confirmed: z
    .boolean()
    .meta({ description: 'must be true to switch on: there is a legal basis, and people are told' }),
});
export const contentLogChanged = z.object({ days });

/** The proxy's `GET /v1/content-log`: what anybody who writes here has to know beforehand. */
export const contentLogNotice = z.object({ days });

/** On an answer whose words are kept: the days. */
export const CONTENT_LOG_HEADER = 'x-cloudfreedom-content-logged-days';

export const contentTurn = z.object({
  role: z.string().meta({ description: 'whose: system, user, assistant, tool …' }),
  text: z.string().meta({ description: 'pictures, sound and files stand there as marks such as [image]' }),
});
export type ContentTurn = z.infer<typeof contentTurn>;

/** The proxy's `GET /v1/admin/contents/{reservationId}`, by an admin of the tenant; each look is in the audit log. */
export const loggedContent = z.object({
  reservationId: z.uuid(),
  requestId: z.string(),
  subjectId: recordId,
  at: z.iso.datetime(),
  model: z.string(),
  surface: z.string().meta({ description: 'the route that was asked', example: '/v1/chat/completions' }),
  cut: z.boolean().meta({
    description: `only the last ${CONTENT_CHARS_MAX} characters of a request and the first of an answer are kept`,
  }),
  request: z.array(contentTurn),
  answer: z.array(contentTurn),
});
export type LoggedContent = z.infer<typeof loggedContent>;

/** Proxy -> billing `POST /v1/content-looks` (bearer: the tenant's service token), before anything is shown. */
export const contentLook = z.object({
  reservationId: z.uuid(),
  subjectId: recordId.meta({ description: 'whose words they are' }),
  adminId: recordId.meta({ description: 'who looks' }),
});
export type ContentLook = z.infer<typeof contentLook>;
export const contentLookNoted = z.object({ at: z.iso.datetime() });
