/** The only reader of the environment. */
import { type ProviderName, recordId } from '@cloudfreedom/contracts';
import { listenConfig, readConfig, tokenCheckConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';

const timeoutMs = (fallback: number) => z.coerce.number().int().min(100).max(3_600_000).default(fallback);
const baseUrl = (fallback: string) => z.url({ protocol: /^https?$/ }).default(fallback);

const environment = z.object({
  ...listenConfig,
  ...tokenCheckConfig,
  TENANT_ID: recordId,
  BILLING_URL: z.url({ protocol: /^https?$/ }),
  BILLING_SERVICE_TOKEN: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  OPENAI_API_KEY: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  GEMINI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: baseUrl('https://api.openai.com/v1'),
  ANTHROPIC_BASE_URL: baseUrl('https://api.anthropic.com'),
  GEMINI_BASE_URL: baseUrl('https://generativelanguage.googleapis.com'),
  SIMULATED_PROVIDER_URL: z.url({ protocol: /^https?$/ }).optional(),
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
});

interface ProviderAccess {
  baseUrl: string;
  /** undefined: this provider is not configured here. */
  apiKey: string | undefined;
}

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
  corsOrigins: string[];
  tenantId: string;
  identity: { issuer: string; jwksUrl: string };
  billing: { url: string; serviceToken: string };
  databaseUrl: string;
  redisUrl: string | undefined;
  providers: Record<ProviderName, ProviderAccess>;
  simulatedProviderUrl: string | undefined;
  bodyLimitBytes: number;
  /** How long responses are kept where the tenant has no rule of its own; 0: not at all. */
  responsesRetentionDays: number;
  timeouts: UpstreamTimeouts;
  serverTools: { serverToolCallsMax: number; serverToolResultTokens: number };
}

const withoutTrailingSlash = (url: string) => url.replace(/\/+$/, '');

/** @throws ConfigError naming every variable that is wrong */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): ProxyConfig {
  const env = readConfig(environment, source);
  return {
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    corsOrigins: env.CORS_ORIGINS,
    tenantId: env.TENANT_ID,
    identity: { issuer: env.IDENTITY_ISSUER, jwksUrl: env.IDENTITY_JWKS_URL },
    billing: { url: withoutTrailingSlash(env.BILLING_URL), serviceToken: env.BILLING_SERVICE_TOKEN },
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    providers: {
      openai: { baseUrl: withoutTrailingSlash(env.OPENAI_BASE_URL), apiKey: env.OPENAI_API_KEY },
      anthropic: { baseUrl: withoutTrailingSlash(env.ANTHROPIC_BASE_URL), apiKey: env.ANTHROPIC_API_KEY },
      gemini: { baseUrl: withoutTrailingSlash(env.GEMINI_BASE_URL), apiKey: env.GEMINI_API_KEY },
    },
    simulatedProviderUrl: env.SIMULATED_PROVIDER_URL && withoutTrailingSlash(env.SIMULATED_PROVIDER_URL),
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    serverTools: {
      serverToolCallsMax: env.SERVER_TOOL_CALLS_MAX,
      serverToolResultTokens: env.SERVER_TOOL_RESULT_TOKENS,
    },
    responsesRetentionDays: env.RESPONSES_RETENTION_DAYS,
    timeouts: {
      streamStartMs: env.UPSTREAM_HEADERS_TIMEOUT_MS,
      answerStartMs: env.UPSTREAM_ANSWER_TIMEOUT_MS,
      betweenChunksMs: env.UPSTREAM_CHUNK_TIMEOUT_MS,
    },
  };
}
