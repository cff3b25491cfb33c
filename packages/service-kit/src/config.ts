/** Reading the environment: once, checked, with every fault named. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { tracingConfig } from './tracing/tracing-config.ts';

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** What stands in the files that `<NAME>_FILE` names, for variables of the schema: so that a secret is in no list of the environment. */
function readFiles(names: string[], given: NodeJS.ProcessEnv): { values: Record<string, string>; faults: string[] } {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const file = given[`${name}_FILE`];
    if (file === undefined || names.includes(`${name}_FILE`)) continue;
    if (given[name] !== undefined) {
      faults.push(`${name}_FILE: ${name} is set as well; set one of them`);
      continue;
    }
    try {
      const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (value !== '') values[name] = value;
    } catch (error) {
      faults.push(`${name}_FILE: the file can't be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { values, faults };
}

/**
 * Check the environment against a schema whose keys are the variables' names. An empty variable counts as not set; in the
 * place of each, `<NAME>_FILE` may name a file that holds its value.
 * @throws ConfigError naming each faulty variable and what it should be; never its value, which may be a secret
 */
export function readConfig<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const files = readFiles(Object.keys(schema.shape), given);
  const parsed = schema.safeParse({ ...given, ...files.values });
  const faults = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  // A file that can't be read is the cause of the variable that is missing.
  const unread = files.faults.map((fault) => fault.replace(/_FILE:.*/s, ''));
  const all = [...files.faults, ...faults.filter((fault) => !unread.some((name) => fault.startsWith(`${name}:`)))];
  if (all.length === 0 && parsed.success) return parsed.data;
  throw new ConfigError(
    `The environment is not right (see .env.example):\n${all.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

/** Variables that every service has. */
export const listenConfig = {
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** How long after a signal requests are still taken, until nobody leads any here. */
  STOP_DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  /** How long running requests may take to finish after that. */
  STOP_GRACE_MS: z.coerce.number().int().min(0).max(3_600_000).default(25_000),
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
  ...tracingConfig,
} as const;

/** Variables of a service that checks identity's access tokens. */
export const tokenCheckConfig = {
  IDENTITY_ISSUER: z.url(),
  IDENTITY_JWKS_URL: z.url(),
} as const;
