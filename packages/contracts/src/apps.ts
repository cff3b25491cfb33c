/** `GET /config.json` of both apps: where their services are. Public by nature: no secret ever belongs here. */
import { z } from 'zod';
import { recordId } from './directory.ts';

export const appConfig = z.object({
  pocketbaseUrl: z.url(),
  identityUrl: z.url(),
  billingUrl: z.url(),
  proxyUrl: z.url().nullable(),
  conversationsUrl: z.url().nullable(),
  tenantId: recordId.nullable().meta({ description: 'the chat belongs to one tenant; the portal to none' }),
  imprintUrl: z.url().nullable(),
  privacyUrl: z.url().nullable(),
});
export type AppConfig = z.infer<typeof appConfig>;
