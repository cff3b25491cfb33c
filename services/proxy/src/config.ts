/** The only reader of the environment. */
import { type ProviderName, recordId } from '@cloudfreedom/contracts';
import { listenConfig, readConfig, type startTracing, tokenCheckConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { OpenWebUiSecrets } from './open-webui/open-webui.ts';
import type { EncryptionKey } from './provider-keys/key-cipher.ts';
import type { GivenKey } from './provider-keys/provider-keys.ts';

const timeoutMs = (fallback: number) => z.coerce.number().int().min(100).max(3_600_000).default(fallback);
const baseUrl = (fallback: string) => z.url({ protocol: /^https?$/ }).default(fallback);

const words = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
const ENCRYPTION_KEY_BYTES = 32;
const encryptionKey = z
  .string()
  .regex(/^[\w-]{1,40}:[A-Za-z0-9+/_-]{43}=?$/, 'id:key, the key being 32 bytes in base64; the newest one first')
  .transform((text) => {
    const [id = '', encoded = ''] = text.split(':');
    return { id, bytes: Buffer.from(encoded, 'base64') };
  })
  .refine(({ bytes }) => bytes.length === ENCRYPTION_KEY_BYTES, 'the key must be 32 bytes in base64');

/** Empty: not set, as a bundle writes a variable that isn't used. */
const secretOrUnset = z
  .union([z.literal(''), z.string().regex(/^[\x21-\x7e]{32,500}$/, 'at least 32 visible ASCII characters')])
  .default('');

const environment = z.object({
  ...listenConfig,
  ...tokenCheckConfig,
  TENANT_ID: recordId,
  BILLING_URL: z.url({ protocol: /^https?$/ }),
  BILLING_SERVICE_TOKEN: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ANSWER_CACHE_TTL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(3_600),
  ANSWER_CACHE_MB: z.coerce.number().int().min(1).max(1_000_000).default(64),
  OPENAI_API_KEY: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  GEMINI_API_KEY: z.string().optional(),
  PROVIDER_KEYS: z
    .string()
    .default('')
    .transform((text) => words(text))
    .pipe(z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}=.+$/, 'name=key, separated by commas'))),
  PROVIDER_KEY_ENCRYPTION_KEY: z
    .string()
    .default('')
    .transform((text) => words(text))
    .pipe(z.array(encryptionKey)),
  PRIVATE_UPSTREAMS: z
    .string()
    .default('')
    .transform((text) => words(text))
    .pipe(z.array(z.string().regex(/^[^\s/]+:\d{1,5}$/, 'host:port, separated by commas'))),
  OPENAI_BASE_URL: baseUrl('https://api.openai.com/v1'),
  ANTHROPIC_BASE_URL: baseUrl('https://api.anthropic.com'),
  GEMINI_BASE_URL: baseUrl('https://generativelanguage.googleapis.com'),
  SIMULATED_PROVIDER_URL: z.url({ protocol: /^https?$/ }).optional(),
  OPEN_WEBUI_SERVICE_KEY: secretOrUnset,
  OPEN_WEBUI_USER_JWT_SECRET: secretOrUnset,
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(20 * 1024 * 1024),
  SERVER_TOOL_CALLS_MAX: z.coerce.number().int().min(0).max(100).default(5),
  SERVER_TOOL_RESULT_TOKENS: z.coerce.number().int().min(0).max(1_000_000).default(10_000),
  RESPONSES_RETENTION_DAYS: z.coerce.number().int().min(0).max(3_650).default(0),
  UPSTREAM_HEADERS_TIMEOUT_MS: timeoutMs(60_000),
  UPSTREAM_ANSWER_TIMEOUT_MS: timeoutMs(600_000),
  UPSTREAM_CHUNK_TIMEOUT_MS: timeoutMs(120_000),
  UPSTREAM_CIRCUIT_FAILURES: z.coerce.number().int().min(1).max(10_000).default(5),
  UPSTREAM_ATTEMPTS_MAX: z.coerce.number().int().min(1).max(10).default(4),
});

/** Either both or neither: a service key alone would charge nobody. */
const environmentOfOne = environment.superRefine((env, context) => {
  const names = ['OPEN_WEBUI_SERVICE_KEY', 'OPEN_WEBUI_USER_JWT_SECRET'] as const;
  const missing = names.filter((name) => env[name] === '');
  if (missing.length !== 1) return;
  context.addIssue({ code: 'custom', path: missing, message: 'is needed beside the other one of Open WebUI' });
});

interface UpstreamTimeouts {
  /** Until the status of a streamed answer. */
  streamStartMs: number;
  /** Until the status of an answer in one piece, which comes only when the model is done. */
  answerStartMs: number;
  /** Between two chunks of a body. */
  betweenChunksMs: number;
}

export interface ProxyConfig {
  host: string;
  port: number;
  logLevel: string;
  /** How long after a signal requests are still taken, while `/health` says 503. */
  stopDrainMs: number;
  /** How long running answers may take to finish after that. */
  stopGraceMs: number;
  corsOrigins: string[];
  tenantId: string;
  identity: { issuer: string; jwksUrl: string };
  billing: { url: string; serviceToken: string };
  databaseUrl: string;
  redisUrl: string | undefined;
  /** Of earlier answers, where the tenant allows them: how long they are kept, and how many bytes of them. */
  answerCache: { ttlSeconds: number; bytesMax: number };
  tracing: Parameters<typeof startTracing>[1];
  providers: Record<ProviderName, { baseUrl: string }>;
  /** From the environment. */
  providerKeys: GivenKey[];
  /** The first one encrypts; none: no keys are entered here. */
  encryptionKeys: EncryptionKey[];
  /** `host:port` in private networks that models may name. */
  privateUpstreams: string[];
  simulatedProviderUrl: string | undefined;
  /** undefined: the tenant has no Open WebUI that speaks for people. */
  openWebUi: OpenWebUiSecrets | undefined;
  bodyLimitBytes: number;
  /** How long responses are kept where the tenant has no rule of its own; 0: not at all. */
  responsesRetentionDays: number;
  timeouts: UpstreamTimeouts;
  /** Calls of providers for one request. */
  attemptsMax: number;
  /** Failures of a deployment in a row after which it is left alone for a while. */
  circuitFailures: number;
  serverTools: { serverToolCallsMax: number; serverToolResultTokens: number };
}

const withoutTrailingSlash = (url: string) => url.replace(/\/+$/, '');

function givenKeys(env: z.output<typeof environment>): GivenKey[] {
  const named = env.PROVIDER_KEYS.map((text) => {
    const at = text.indexOf('=');
    return { keyName: text.slice(0, at), secret: text.slice(at + 1) };
  });
  const { OPENAI_API_KEY: openai, ANTHROPIC_API_KEY: anthropic, GEMINI_API_KEY: gemini } = env;
  const own = Object.entries({ openai, anthropic, gemini }).flatMap(([keyName, secret]) =>
    secret === undefined ? [] : [{ keyName, secret }],
  );
  return [...own, ...named];
}

/** @throws ConfigError naming every variable that is wrong */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): ProxyConfig {
  const env = readConfig(environmentOfOne, source);
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    stopDrainMs: env.STOP_DRAIN_MS,
    stopGraceMs: env.STOP_GRACE_MS,
    corsOrigins: env.CORS_ORIGINS,
    tenantId: env.TENANT_ID,
    identity: { issuer: env.IDENTITY_ISSUER, jwksUrl: env.IDENTITY_JWKS_URL },
    billing: { url: withoutTrailingSlash(env.BILLING_URL), serviceToken: env.BILLING_SERVICE_TOKEN },
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    tracing: env,
    answerCache: { ttlSeconds: env.ANSWER_CACHE_TTL_SECONDS, bytesMax: env.ANSWER_CACHE_MB * 1_000_000 },
    providers: {
      openai: { baseUrl: withoutTrailingSlash(env.OPENAI_BASE_URL) },
      anthropic: { baseUrl: withoutTrailingSlash(env.ANTHROPIC_BASE_URL) },
      gemini: { baseUrl: withoutTrailingSlash(env.GEMINI_BASE_URL) },
    },
    providerKeys: givenKeys(env),
    encryptionKeys: env.PROVIDER_KEY_ENCRYPTION_KEY,
    privateUpstreams: env.PRIVATE_UPSTREAMS,
    simulatedProviderUrl: env.SIMULATED_PROVIDER_URL && withoutTrailingSlash(env.SIMULATED_PROVIDER_URL),
    openWebUi:
      env.OPEN_WEBUI_SERVICE_KEY === ''
        ? undefined
        : { serviceKey: env.OPEN_WEBUI_SERVICE_KEY, userTokenSecret: env.OPEN_WEBUI_USER_JWT_SECRET },
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    serverTools: {
      serverToolCallsMax: env.SERVER_TOOL_CALLS_MAX,
      serverToolResultTokens: env.SERVER_TOOL_RESULT_TOKENS,
    },
    responsesRetentionDays: env.RESPONSES_RETENTION_DAYS,
    attemptsMax: env.UPSTREAM_ATTEMPTS_MAX,
    circuitFailures: env.UPSTREAM_CIRCUIT_FAILURES,
    timeouts: {
      streamStartMs: env.UPSTREAM_HEADERS_TIMEOUT_MS,
      answerStartMs: env.UPSTREAM_ANSWER_TIMEOUT_MS,
      betweenChunksMs: env.UPSTREAM_CHUNK_TIMEOUT_MS,
    },
  };
}
