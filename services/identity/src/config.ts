import { listenConfig, readConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...listenConfig,
  POCKETBASE_URL: z.url({ protocol: /^https?$/ }),
  INTERNAL_SECRET: z.string().min(16),
  IDENTITY_ISSUER: z.url({ protocol: /^https?$/ }),
  SIGNING_KEYS_FILE: z.string().min(1),
});
export type Config = z.infer<typeof schema>;

/** @throws ConfigError naming each faulty variable */
export function loadConfig(): Config {
  return readConfig(schema);
}
