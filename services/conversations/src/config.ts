import { recordId } from '@cloudfreedom/contracts';
import { listenConfig, readConfig, tokenCheckConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...listenConfig,
  ...tokenCheckConfig,
  TENANT_ID: recordId,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});
export type Config = z.infer<typeof schema>;

/** @throws ConfigError naming each faulty variable */
export function loadConfig(): Config {
  return readConfig(schema);
}
