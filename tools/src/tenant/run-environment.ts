/** What the bundle's compose file gives to its services, for those that run on this machine. */
import type { BundleFacts } from '@cloudfreedom/tenant-bundle';

const SETTINGS = {
  all: [
    'LOG_LEVEL',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_TRACES_SAMPLER',
    'OTEL_TRACES_SAMPLER_ARG',
  ],
  proxy: [
    'OPENAI_API_KEY',
    'ANTHROPIC_API_KEY',
    'GEMINI_API_KEY',
    'PROVIDER_KEYS',
    'PRIVATE_UPSTREAMS',
    'RESPONSES_RETENTION_DAYS',
    'ANSWER_CACHE_TTL_SECONDS',
  ],
};

type Environment = Record<string, string>;

export interface Machine {
  databaseUrl: string;
  /** Empty: none is installed. */
  redisUrl: string;
  chatUrl: string;
  /** null: the providers themselves. */
  simulatorUrl: string | null;
}

/** A browser may call this machine either by its number or by its name. */
function originsOf(url: string): string[] {
  const { origin } = new URL(url);
  return origin.includes('//127.0.0.1') ? [origin, origin.replace('127.0.0.1', 'localhost')] : [origin];
}

/** @param variables of the bundle; where one is empty the service's own default counts */
export function runEnvironment(
  { core, tenant }: BundleFacts,
  variables: Readonly<Environment>,
  machine: Machine,
): Record<'proxy' | 'conversations', Environment> {
  const given = (names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (variables[name] ? [[name, variables[name]]] : [])));
  const shared = {
    ...given(SETTINGS.all),
    TENANT_ID: tenant.id,
    OTEL_RESOURCE_ATTRIBUTES: `tenant=${tenant.slug}`,
    IDENTITY_ISSUER: core.identity,
    IDENTITY_JWKS_URL: `${core.identity}/.well-known/jwks.json`,
    BILLING_URL: core.billing,
    BILLING_SERVICE_TOKEN: variables.BILLING_SERVICE_TOKEN ?? '',
    DATABASE_URL: machine.databaseUrl,
    CORS_ORIGINS: [machine.chatUrl, core.portal].flatMap(originsOf).join(','),
  };
  const proxy = {
    ...shared,
    ...given(SETTINGS.proxy),
    REDIS_URL: machine.redisUrl,
    PROVIDER_KEY_ENCRYPTION_KEY: variables.PROVIDER_KEY_ENCRYPTION_KEY ?? '',
    OPEN_WEBUI_SERVICE_KEY: variables.WEBUI_SERVICE_KEY ?? '',
    OPEN_WEBUI_USER_JWT_SECRET: variables.WEBUI_USER_JWT_SECRET ?? '',
    SIMULATED_PROVIDER_URL: machine.simulatorUrl ?? '',
  };
  return { proxy, conversations: shared };
}
