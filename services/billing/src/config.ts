/** The only reader of the environment. */
import { listenConfig, readConfig, tokenCheckConfig } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { isAddressOrSubnet } from './access/client-network.ts';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const secret = z.string().min(16, 'a secret of at least 16 characters');

const schema = z
  .object({
    ...listenConfig,
    ...tokenCheckConfig,
    DATABASE_URL: postgresUrl.refine((url) => {
      const { username, password } = new URL(url);
      return username !== '' && password !== '';
    }, "a postgres:// address with the service's own user and password"),
    MIGRATION_DATABASE_URL: postgresUrl,
    POCKETBASE_URL: z.url({ protocol: /^https?$/ }),
    INTERNAL_SECRET: secret,
    BILLING_WEBHOOK_SECRET: secret,
    WEBHOOK_PRIVATE_HOSTS: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((host) => host.trim())
          .filter(Boolean),
      ),
    USD_EUR_RATE: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,12})?$/, 'euro per dollar as a decimal number, for example 0.86')
      .refine((text) => !/^[0.]+$/.test(text), 'must be more than 0'),
    EXCHANGE_RATE_SOURCE: z.enum(['environment', 'ecb']).default('environment'),
    TRUSTED_PROXY_HEADER: z.string().trim().toLowerCase().default(''),
    TRUSTED_PROXY_ADDRESSES: z
      .string()
      .default('')
      .transform((text) => text.split(/[\s,]+/).filter(Boolean))
      .refine((entries) => entries.every(isAddressOrSubnet), 'addresses and subnets such as 10.0.0.2 or 10.0.0.0/8'),
    ECB_RATES_URL: z
      .url({ protocol: /^https?$/ })
      .default('https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'),
  })
  .refine(
    ({ DATABASE_URL, MIGRATION_DATABASE_URL }) =>
      new URL(DATABASE_URL).username !== new URL(MIGRATION_DATABASE_URL).username,
    {
      path: ['DATABASE_URL'],
      message: 'must name another user than MIGRATION_DATABASE_URL: the owner of the tables may change entries',
    },
  )
  .refine(({ TRUSTED_PROXY_HEADER: header, TRUSTED_PROXY_ADDRESSES: from }) => header === '' || from.length > 0, {
    path: ['TRUSTED_PROXY_ADDRESSES'],
    message: 'must say who may send TRUSTED_PROXY_HEADER',
  });

export type Config = z.infer<typeof schema>;

export function loadConfig(environment?: NodeJS.ProcessEnv): Config {
  return readConfig(schema, environment);
}

/** All that a command beside the service needs. @throws ConfigError naming DATABASE_URL */
export function loadDatabaseUrl(environment?: NodeJS.ProcessEnv): string {
  return readConfig(z.object({ DATABASE_URL: postgresUrl }), environment).DATABASE_URL;
}
