/** How a tenant's proxy is: told to billing by the proxy itself, read there by admins who never reach a foreign proxy. */
import { z } from 'zod';
import { deploymentName } from './directory.ts';

export const deploymentHealth = z.object({
  deployment: deploymentName,
  servedBy: z
    .enum(['provider', 'simulator', 'nobody'])
    .meta({ description: 'nobody: there is no key of the provider here' }),
  circuit: z
    .enum(['closed', 'half_open', 'open'])
    .meta({ description: 'open: it failed several times in a row and is left alone for a moment' }),
});
export type DeploymentHealth = z.infer<typeof deploymentHealth>;

/** Body of `POST /v1/proxy-reports` (bearer: the tenant's service token), every few seconds. */
export const proxyReport = z.object({
  instance: z.uuid().meta({ description: 'made anew at each start of a process' }),
  version: z.string().min(1).max(40),
  startedAt: z.iso.datetime(),
  outboxDepth: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .meta({ description: "settlements that billing has not taken yet; null: the tenant's Postgres does not answer" }),
  deployments: z.array(deploymentHealth).max(2_000),
});
export type ProxyReport = z.infer<typeof proxyReport>;
export const proxyReportReceipt = z.object({ at: z.iso.datetime() });

/** `GET /v1/tenants/{tenantId}/proxies`: those that are up; where none is, the one that was heard of last. */
export const knownProxy = proxyReport.extend({
  reportedAt: z.iso.datetime(),
  up: z.boolean().meta({ description: 'it has reported within the last half minute' }),
});
export type KnownProxy = z.infer<typeof knownProxy>;
export const knownProxies = z.object({ items: z.array(knownProxy) });
