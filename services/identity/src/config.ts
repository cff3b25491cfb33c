import { appConfig } from '@cloudfreedom/contracts';
import { ConfigError, listenConfig, readConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...listenConfig,
  POCKETBASE_URL: z.url({ protocol: /^https?$/ }),
  INTERNAL_SECRET: z.string().min(16),
  IDENTITY_ISSUER: z.url({ protocol: /^https?$/ }),
  SIGNING_KEYS_FILE: z.string().min(1),
  /** With it identity is an OpenID provider; the three below belong to it. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  OIDC_COOKIE_SECRET: z.string().min(32).optional(),
  SIGN_IN_PAGES_DIR: z.string().min(1).optional(),
  SIGN_IN_CONFIG: z
    .string()
    .transform((text, context) => {
      try {
        return appConfig.parse(JSON.parse(text));
      } catch {
        context.addIssue('expected the JSON of an app configuration');
        return z.NEVER;
      }
    })
    .optional(),
});
export type Config = z.infer<typeof schema>;

/** @throws ConfigError naming each faulty variable */
export function loadConfig(): Config {
  const config = readConfig(schema);
  if (config.DATABASE_URL !== undefined)
    for (const name of ['OIDC_COOKIE_SECRET', 'SIGN_IN_PAGES_DIR', 'SIGN_IN_CONFIG'] as const)
      if (config[name] === undefined) throw new ConfigError(`${name}: needed where DATABASE_URL is set.`);
  return config;
}
