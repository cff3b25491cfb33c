/** The proxy with one model of each provider, all three played by the simulated provider at once. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { type SimulatedProvider, startSimulatedProvider } from '@cloudfreedom/testkit/simulated-provider';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startWorld, stopPostgres, type World } from '../proxy-under-test.ts';
import { catalogueModel } from '../stub-billing.ts';

/** Public names; the upstream's names decide what an adapter may send. */
export const MODELS = [
  { name: 'gpt-5-mini', provider: 'openai' },
  { name: 'claude-sonnet-5', provider: 'anthropic' },
  { name: 'gemini-3.5-flash', provider: 'gemini' },
] as const satisfies { name: string; provider: ProviderName }[];
export const MODEL_NAMES = MODELS.map(({ name }) => name);

export interface SimulatedWorld extends World {
  provider: SimulatedProvider;
  /** What clients are configured with. */
  baseURL: string;
  apiKey: string;
}

/** @param more variables of the proxy */
export async function startSimulatedWorld(more: NodeJS.ProcessEnv = {}): Promise<SimulatedWorld> {
  const provider = await startSimulatedProvider();
  const world = await startWorld({ OPENAI_API_KEY: undefined, SIMULATED_PROVIDER_URL: provider.url, ...more });
  world.billing.models = MODELS.map(({ name, provider: maker }) =>
    catalogueModel({ name, provider: maker, upstreamModel: name }),
  );
  world.billing.principal.models = [...MODEL_NAMES];
  return {
    ...world,
    provider,
    baseURL: `${world.url}/v1`,
    apiKey: world.billing.apiKey,
    close: async () => {
      await world.close();
      await provider.close();
    },
  };
}

/** One for the tests of a file: started before them, empty before each, stopped after them. */
export function simulatedWorld(): { readonly world: SimulatedWorld } {
  let world: SimulatedWorld;
  beforeAll(async () => {
    world = await startSimulatedWorld();
  });
  beforeEach(() => {
    world.billing.batches = [];
    world.provider.requests.length = 0;
  });
  afterAll(async () => {
    await world.close();
    await stopPostgres();
  });
  return {
    get world() {
      return world;
    },
  };
}

/** Each granted reservation has exactly one ending. @returns how many were settled */
export function settledRequests({ billing }: SimulatedWorld): number {
  const ended = [...billing.all('settle'), ...billing.all('void')].map(({ reservationId }) => reservationId);
  const reserved = billing.all('reserve').map(({ reservationId }) => reservationId);
  if (ended.toSorted().join() !== reserved.toSorted().join())
    throw new Error(`${reserved.length} reservations, ${ended.length} endings`);
  return billing.all('settle').length;
}
