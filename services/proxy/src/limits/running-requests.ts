/** The requests that this process runs, by what they count as. */
import type { Count } from './count.ts';

export class RunningRequests {
  readonly #slots = new Map<string, readonly Count[]>();
  readonly #sizes = new Map<string, number>();

  /** All or none. @returns the one that has no room; null: taken */
  take(request: string, slots: readonly Count[]): Count | null {
    const full = slots.find(({ name, limit }) => (this.#sizes.get(name) ?? 0) >= limit);
    if (full) return full;
    if (slots.length > 0) this.#slots.set(request, slots);
    for (const { name } of slots) this.#sizes.set(name, (this.#sizes.get(name) ?? 0) + 1);
    return null;
  }

  free(request: string): void {
    for (const { name } of this.#slots.get(request) ?? []) {
      const size = (this.#sizes.get(name) ?? 1) - 1;
      if (size > 0) this.#sizes.set(name, size);
      else this.#sizes.delete(name);
    }
    this.#slots.delete(request);
  }

  all(): Iterable<[request: string, slots: readonly Count[]]> {
    return this.#slots;
  }
}
