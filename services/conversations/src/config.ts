import { recordId } from '@cloudfreedom/contracts';
import { listenConfig, readConfig, tokenCheckConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...listenConfig,
  ...tokenCheckConfig,
  TENANT_ID: recordId,
  BILLING_URL: z.url({ protocol: /^https?$/ }),
  BILLING_SERVICE_TOKEN: z.string().min(1),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});
export type Config = z.infer<typeof schema>;

/** @throws ConfigError naming each faulty variable */
export function loadConfig(): Config {
  return readConfig(schema);
}
