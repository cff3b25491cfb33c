/** `DATA_DIR/stack.json`: what the launcher brought up, for scripts and tests. Mode 0600: it holds demo secrets. */
import { z } from 'zod';
import { recordId } from './directory.ts';

const signIn = z.object({ email: z.email(), password: z.string() });
export const SERVICE_NAMES = ['pocketbase', 'identity', 'billing', 'proxy', 'conversations', 'admin', 'chat'] as const;

export const stackFile = z.object({
  urls: z.record(z.enum(SERVICE_NAMES), z.url()),
  demo: z.object({ superuser: signIn, platformAdmin: signIn, tenantAdmin: signIn, user: signIn, apiKey: z.string() }),
  tenant: z.object({ id: recordId, serviceToken: z.string() }),
  models: z.array(z.string()),
  pids: z.record(z.string(), z.number().int()),
  readyInMs: z.number().int(),
});
export type StackFile = z.infer<typeof stackFile>;
