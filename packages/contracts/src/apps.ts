/** `GET /config.json` of both apps: where their services are. Public by nature: no secret ever belongs here. */
import { z } from 'zod';
import { providerName, recordId } from './directory.ts';

export const appConfig = z.object({
  pocketbaseUrl: z.url(),
  identityUrl: z.url(),
  billingUrl: z.url(),
  proxyUrl: z
    .url()
    .nullable()
    .meta({ description: 'in the portal {tenant} stands for the slug of a tenant without an ai. domain of its own' }),
  conversationsUrl: z.url().nullable(),
  chatUrl: z
    .url()
    .nullable()
    .meta({ description: 'the chat of a member who opens the portal; {tenant} as above, for an app. domain' }),
  simulatedProviders: z.array(providerName).meta({ description: 'served by the simulated provider in demo tenants' }),
  tenantId: recordId.nullable().meta({ description: 'the chat belongs to one tenant; the portal to none' }),
  imprintUrl: z.url().nullable(),
  privacyUrl: z.url().nullable(),
});
export type AppConfig = z.infer<typeof appConfig>;
