/** Tells billing every few seconds how this proxy is: admins of the platform read it there, and no proxy has to be open to them. */
import { randomUUID } from 'node:crypto';
import type { DeploymentHealth, ProxyReport } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { BillingClient } from '../billing/billing-client.ts';
import type { ModelCatalogue } from '../billing/model-catalogue.ts';
import type { CircuitBreakers } from '../models/circuit-breakers.ts';
import { deploymentOf, type Serving } from '../models/deployment.ts';

const EVERY_MS = 5_000;
const CIRCUIT_WORDS: Record<number, DeploymentHealth['circuit']> = { 1: 'half_open', 2: 'open' };

interface Observed extends Serving {
  billing: Pick<BillingClient, 'report'>;
  catalogue: Pick<ModelCatalogue, 'current'>;
  circuitBreakers: Pick<CircuitBreakers, 'states'>;
  /** Settlements that wait. @throws what the database throws */
  outboxDepth: () => Promise<number>;
  version: string;
  logger: Logger;
}

async function deploymentsOf(parts: Observed): Promise<DeploymentHealth[]> {
  const { tenant, models } = await parts.catalogue.current();
  const circuits = new Map(parts.circuitBreakers.states().map(({ deployment, state }) => [deployment, state]));
  return models.map((model) => {
    const served = deploymentOf(model, tenant, parts);
    return {
      deployment: model.deployment,
      servedBy: served === null ? 'nobody' : served.simulated ? 'simulator' : 'provider',
      circuit: CIRCUIT_WORDS[circuits.get(model.deployment) ?? 0] ?? 'closed',
    };
  });
}

/** Again and again, from the first pause on: at the start there is nothing to tell yet. @returns ends it */
export function keepReportingHealth(parts: Observed): () => Promise<void> {
  const about = { instance: randomUUID(), version: parts.version, startedAt: new Date().toISOString() };
  let running = Promise.resolve();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function report(): Promise<void> {
    try {
      const [deployments, outboxDepth] = await Promise.all([
        deploymentsOf(parts),
        parts.outboxDepth().catch(() => null),
      ]);
      const told: ProxyReport = { ...about, outboxDepth, deployments };
      await parts.billing.report(told);
    } catch (error) {
      // Billing hears of us when it is back; that it is away is said by whoever needs it.
      parts.logger.debug({ err: error }, 'how this proxy is could not be told to billing');
    }
    plan();
  }

  function plan(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = report();
    }, EVERY_MS);
    timer.unref();
  }

  plan();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
