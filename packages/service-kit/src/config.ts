/** Reading the environment: once, checked, with every fault named. */
import { z } from 'zod';

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Check the environment against a schema whose keys are the variables' names. An empty variable counts as not set.
 * @throws ConfigError naming each faulty variable and what it should be; never its value, which may be a secret
 */
export function readConfig<S extends z.ZodType>(schema: S, environment: NodeJS.ProcessEnv = process.env): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not right (see .env.example):\n${faults.join('\n')}`);
}

/** Variables that every service has. */
export const listenConfig = {
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.url({ protocol: /^https?$/ }))),
} as const;

/** Variables of a service that checks identity's access tokens. */
export const tokenCheckConfig = {
  IDENTITY_ISSUER: z.url(),
  IDENTITY_JWKS_URL: z.url(),
} as const;
