/** What the launcher reads: the environment, and below it the file .env of the repository. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { PROVIDERS, type ProviderName } from '@cloudfreedom/contracts';
import { z } from 'zod';
import { Fault } from './fault.ts';

export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const key = z.string().min(1).optional();
const url = z.url({ protocol: /^https?$/, error: 'an http(s) address' }).transform((text) => text.replace(/\/+$/, ''));

const schema = z.object({
  PORT_BASE: z
    .string()
    .regex(/^\d+$/, 'a port number, for example 4100')
    .transform(Number)
    .pipe(z.number().min(1024, 'at least 1024').max(65_500, 'at most 65500'))
    .default(4100),
  DATA_DIR: z.string().default('.data'),
  HOST: z
    .union([z.ipv4(), z.literal('localhost')], 'an IPv4 address of this machine, or 0.0.0.0 for all')
    .default('127.0.0.1'),
  PUBLIC_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, 'a name or address without port')
    .optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'an address such as postgres://user:password@host:5432/postgres' })
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'an address such as redis://host:6379' }).optional(),
  POCKETBASE_BIN: z.string().optional(),
  OPENAI_API_KEY: key,
  ANTHROPIC_API_KEY: key,
  GEMINI_API_KEY: key,
  PROVIDER_KEYS: key,
  PRIVATE_UPSTREAMS: key,
  OPEN_WEBUI_SERVICE_KEY: key,
  OPEN_WEBUI_USER_JWT_SECRET: key,
  OPENAI_BASE_URL: url.optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  GEMINI_BASE_URL: url.optional(),
  // Everything that clients can do is there to try; a proxy by itself keeps nothing unless it is told to.
  RESPONSES_RETENTION_DAYS: z
    .string()
    .regex(/^\d{1,4}$/)
    .default('30'),
  USD_EUR_RATE: z
    .string()
    .regex(/^(?!0+(\.0+)?$)\d{1,4}(\.\d{1,8})?$/, 'a decimal number above 0, such as 0.86')
    .default('0.86'),
  IMPRINT_URL: url.optional(),
  PRIVACY_URL: url.optional(),
  WEBHOOK_PRIVATE_HOSTS: z.string().default(''),
});

/** Read, checked and explained by PocketBase itself (sign-in-config.js); handed on as they are. */
const SIGN_IN_VARIABLE = /^((SMTP|MAIL|MFA|OIDC_[123]|GOOGLE|MICROSOFT|TRUSTED_PROXY)_[A-Z_]+|SIGN_IN_BY_CODE)$/;

/** OpenTelemetry's own, read and checked by each service; handed on as they are. */
const TRACING_VARIABLE = /^OTEL_[A-Z_]+$/;

export interface Settings extends Omit<z.infer<typeof schema>, 'DATA_DIR'> {
  dataDir: string;
  signIn: Record<string, string>;
  tracing: Record<string, string>;
}

/**
 * @throws Fault naming each wrong variable
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const file = path.join(ROOT, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const given = Object.fromEntries(
    Object.entries({ ...fromFile, ...environment }).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Fault(
      `The environment (or .env) is not right; .env.example explains each variable.\n  ${faults.join('\n  ')}`,
    );
  }
  const { DATA_DIR, ...rest } = parsed.data;
  const handedOn = (names: RegExp) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        names.test(name) && value !== undefined ? [[name, value] as const] : [],
      ),
    );
  return {
    ...rest,
    dataDir: path.resolve(ROOT, DATA_DIR),
    signIn: handedOn(SIGN_IN_VARIABLE),
    tracing: handedOn(TRACING_VARIABLE),
  };
}

/** Providers without a key: simulated here. */
export function simulatedProviders(settings: Settings): ProviderName[] {
  const keys = {
    openai: settings.OPENAI_API_KEY,
    anthropic: settings.ANTHROPIC_API_KEY,
    gemini: settings.GEMINI_API_KEY,
  };
  return PROVIDERS.filter((name) => !keys[name]);
}

/** The name that addresses carry: browsers and other machines can't open 0.0.0.0. */
export function publicHost(settings: Settings): string {
  if (settings.PUBLIC_HOST) return settings.PUBLIC_HOST;
  if (settings.HOST !== '0.0.0.0') return settings.HOST;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** A folder and what is missing above it, one by one: a recursive mkdir never returns where nothing can be made (/proc). */
export function makeFolder(folder: string): void {
  if (!existsSync(path.dirname(folder))) makeFolder(path.dirname(folder));
  if (!existsSync(folder)) mkdirSync(folder);
}
