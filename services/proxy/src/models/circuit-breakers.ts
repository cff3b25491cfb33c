/**
 * One circuit breaker per deployment: after several failures in a row nothing is sent to it for a while, then a single
 * request tries it, and its success lets the others follow.
 */
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';

const OPEN_FOR_MS = 10_000;
/** While another request tries it. */
const PROBED_MS = 1_000;

interface Breaker {
  policy: CircuitBreakerPolicy;
  openedAtMs: number;
}

export class CircuitBreakers {
  readonly #breakers = new Map<string, Breaker>();
  readonly #failuresInARow: number;

  /** @param failuresInARow open a circuit */
  constructor(failuresInARow: number) {
    this.#failuresInARow = failuresInARow;
  }

  /** How long nothing should be sent to a deployment; 0: now. */
  closedInMs(deployment: string): number {
    const breaker = this.#breakers.get(deployment);
    if (!breaker || breaker.policy.state === CircuitState.Closed) return 0;
    if (breaker.policy.state === CircuitState.HalfOpen) return PROBED_MS;
    return Math.max(0, breaker.openedAtMs + OPEN_FOR_MS - Date.now());
  }

  /** @param isFault does this result speak against the deployment? @returns null: the circuit is open, nothing was done */
  async run<T>(deployment: string, work: () => Promise<T>, isFault: (result: T) => boolean): Promise<T | null> {
    const { policy } = this.#breakerOf(deployment, isFault as (result: unknown) => boolean);
    // A second request would wait for the one that tries it, for as long as that takes.
    if (policy.state === CircuitState.HalfOpen) return null;
    try {
      return await policy.execute(work);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return null;
      throw error;
    }
  }

  /** For the metrics: 0 closed, 1 half open, 2 open. */
  states(): { deployment: string; state: number }[] {
    const figures: Partial<Record<CircuitState, number>> = { [CircuitState.HalfOpen]: 1, [CircuitState.Open]: 2 };
    return [...this.#breakers].map(([deployment, { policy }]) => ({ deployment, state: figures[policy.state] ?? 0 }));
  }

  #breakerOf(deployment: string, isFault: (result: unknown) => boolean): Breaker {
    const known = this.#breakers.get(deployment);
    if (known) return known;
    const options = { halfOpenAfter: OPEN_FOR_MS, breaker: new ConsecutiveBreaker(this.#failuresInARow) };
    const breaker: Breaker = { policy: circuitBreaker(handleWhenResult(isFault), options), openedAtMs: 0 };
    breaker.policy.onBreak(() => {
      breaker.openedAtMs = Date.now();
    });
    this.#breakers.set(deployment, breaker);
    return breaker;
  }
}
