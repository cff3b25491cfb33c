/** Messages get lost, come twice, late, and past each other; until the network is healed for the end of the history. */
import type { Timeline } from './timeline.ts';

export class Network {
  healed = false;
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  send(arrive: () => void): void {
    const { chance } = this.#timeline;
    if (this.healed) {
      this.#timeline.after(1, arrive);
      return;
    }
    if (chance.happens(0.08)) return;
    this.#timeline.after(this.#delayMs(), arrive);
    if (chance.happens(0.1)) this.#timeline.after(this.#delayMs(), arrive);
  }

  #delayMs(): number {
    const { chance } = this.#timeline;
    if (chance.happens(0.03)) return chance.between(30_000, 150_000);
    return chance.happens(0.15) ? chance.between(100, 8_000) : chance.between(1, 40);
  }
}
