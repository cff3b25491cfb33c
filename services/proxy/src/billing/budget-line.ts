/**
 * Where requests stand that only open holds keep from their money. One line for each budget that may be in the way; in it
 * the order of arrival, and no later request passes an earlier one. The first in line asks billing again when this proxy
 * has let go of a hold, and after a while, since other proxies let go of holds too. Whoever has waited for the whole time
 * asks a last time and takes what billing says then.
 */
import type { BudgetLevelName, LedgerResult } from '@cloudfreedom/contracts';
import type { Ledger } from './ledger.ts';

const LONGEST_WAIT_MS = 5_000;
const ASK_AGAIN_MS = 250;

/** Who pays: a request can stand in the line of its tenant, its person or its key. */
interface Payer {
  subjectId: string;
  apiKeyId: string | null;
}

/** One request in line. */
class Place {
  readonly arrivedAtMs = performance.now();
  readonly leavesAtMs = this.arrivedAtMs + LONGEST_WAIT_MS;
  #woken = false;
  #stopSleeping = () => {};

  /** Ends the sleep; while he is awake, the next one. */
  wake(): void {
    this.#woken = true;
    this.#stopSleeping();
  }

  async sleep(forMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#woken)
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, forMs);
        this.#stopSleeping = resolve;
      });
    clearTimeout(timer);
    this.#woken = false;
  }
}

export class BudgetLine {
  /** By budget; a line without anybody is forgotten. */
  readonly #lines = new Map<string, Place[]>();

  constructor(ledger: Pick<Ledger, 'onRelease'>) {
    ledger.onRelease(() => {
      for (const [first] of this.#lines.values()) first?.wake();
    });
  }

  /**
   * Try (each try with a reservation of its own) until the answer is something else than `budget_held`, for five seconds.
   * @returns the last answer, or null when the client left while waiting
   * @throws what the try throws
   */
  async pass(
    payer: Payer,
    attempt: () => Promise<LedgerResult>,
    clientGone: AbortSignal,
  ): Promise<LedgerResult | null> {
    const place = new Place();
    const wake = () => place.wake();
    let budget = budgetsOf(payer).find((name) => this.#lines.has(name));
    if (budget !== undefined) this.#enter(budget, place);
    clientGone.addEventListener('abort', wake, { once: true });
    try {
      for (;;) {
        if (budget !== undefined) await this.#turn(budget, place, clientGone);
        if (clientGone.aborted) return null;
        const isLast = performance.now() >= place.leavesAtMs;
        const answer = await attempt();
        const held = heldBudget(answer, payer);
        if (held === undefined || isLast) return answer;
        if (held === budget) continue;
        if (budget !== undefined) this.#leave(budget, place);
        this.#enter(held, place);
        budget = held;
      }
    } finally {
      clientGone.removeEventListener('abort', wake);
      if (budget !== undefined) this.#leave(budget, place);
    }
  }

  /** Until it is worth asking, the time is up, or the client has left. */
  async #turn(budget: string, place: Place, clientGone: AbortSignal): Promise<void> {
    do {
      const leftMs = Math.max(0, place.leavesAtMs - performance.now());
      await place.sleep(this.#isFirst(budget, place) ? Math.min(ASK_AGAIN_MS, leftMs) : leftMs);
    } while (!this.#isFirst(budget, place) && !clientGone.aborted && performance.now() < place.leavesAtMs);
  }

  #isFirst(budget: string, place: Place): boolean {
    return this.#lines.get(budget)?.[0] === place;
  }

  /** At the place that the moment of arrival gives: somebody may come from another line. */
  #enter(budget: string, place: Place): void {
    const line = this.#lines.get(budget) ?? [];
    const behind = line.findIndex(({ arrivedAtMs }) => arrivedAtMs > place.arrivedAtMs);
    line.splice(behind === -1 ? line.length : behind, 0, place);
    this.#lines.set(budget, line);
  }

  #leave(budget: string, place: Place): void {
    const rest = (this.#lines.get(budget) ?? []).filter((other) => other !== place);
    if (rest.length === 0) this.#lines.delete(budget);
    else this.#lines.set(budget, rest);
    rest[0]?.wake();
  }
}

function budgetName(level: BudgetLevelName, payer: Payer): string {
  if (level === 'tenant') return level;
  return `${level} ${level === 'user' ? payer.subjectId : payer.apiKeyId}`;
}

function budgetsOf(payer: Payer): string[] {
  const levels: BudgetLevelName[] = payer.apiKeyId === null ? ['tenant', 'user'] : ['tenant', 'user', 'api_key'];
  return levels.map((level) => budgetName(level, payer));
}

/** The budget that only open holds use up; undefined: the answer is another one. */
function heldBudget(answer: LedgerResult, payer: Payer): string | undefined {
  if (answer.status !== 'refused' || answer.code !== 'budget_held') return undefined;
  return budgetName(answer.budget?.level ?? 'user', payer);
}
