/** What was refused a moment ago would be again: whoever keeps asking costs neither Redis nor billing anything. */
import type { Count, LimitRefusal } from './count.ts';

/** Not longer: tokens may be given back meanwhile. */
const REMEMBERED_MS = 1_000;
const ENTRIES_MAX = 10_000;

interface Known {
  points: number;
  refusal: LimitRefusal;
  /** By this process's clock. */
  fitsAtMs: number;
  untilMs: number;
}

export class KnownRefusals {
  readonly #known = new Map<string, Known>();

  /** @returns the refusal that at least one of these would get */
  find(counts: readonly Count[]): LimitRefusal | null {
    if (this.#known.size === 0) return null;
    const nowMs = performance.now();
    for (const count of counts) {
      const known = this.#known.get(nameOf(count));
      if (!known) continue;
      if (known.untilMs <= nowMs) this.#known.delete(nameOf(count));
      else if (count.points >= known.points && count.limit === known.refusal.refused.limit)
        return { ...known.refusal, retryAfterMs: known.fitsAtMs - nowMs };
    }
    return null;
  }

  remember(count: Count, refusal: LimitRefusal, retryAfterMs: number): void {
    const nowMs = performance.now();
    if (this.#known.size >= ENTRIES_MAX) this.#known.clear();
    this.#known.set(nameOf(count), {
      points: count.points,
      refusal,
      fitsAtMs: nowMs + retryAfterMs,
      untilMs: nowMs + Math.min(retryAfterMs, REMEMBERED_MS),
    });
  }
}

const nameOf = ({ kind, name }: Count) => `${kind}:${name}`;
