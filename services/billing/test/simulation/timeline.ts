/** Simulated time: what is planned happens in the order of its moment; what falls on one moment, in the order of chance. */
import type { Chance } from './random.ts';

interface Event {
  atMs: number;
  tie: number;
  happen: () => void;
}

export class Timeline {
  nowMs = 0;
  readonly chance: Chance;
  #events: Event[] = [];

  constructor(chance: Chance) {
    this.chance = chance;
  }

  after(delayMs: number, happen: () => void): void {
    const event = { atMs: this.nowMs + delayMs, tie: this.chance.next(), happen };
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle] as Event;
      // The next event stands last.
      if (other.atMs > event.atMs || (other.atMs === event.atMs && other.tie > event.tie)) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  /** Let everything happen up to a moment. @returns how many things did */
  run(untilMs: number): number {
    let happened = 0;
    for (;;) {
      const next = this.#events.at(-1);
      if (!next || next.atMs > untilMs) break;
      this.#events.pop();
      this.nowMs = next.atMs;
      next.happen();
      happened++;
    }
    this.nowMs = untilMs;
    return happened;
  }
}
