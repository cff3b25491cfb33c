/** Steps of a command, one line each; a failure says what was done before it and how to go on. */
import { Fault } from '../stack/fault.ts';
import { faultOf } from './refusal.ts';

export class Progress {
  readonly #done: string[] = [];
  readonly #report: (line: string) => void;
  readonly #again: string;

  constructor(report: (line: string) => void, again: string) {
    this.#report = report;
    this.#again = again;
  }

  /** @throws Fault that says what was done before and how to go on */
  async step<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    try {
      const result = await work();
      this.#done.push(name);
      this.#report(`  ✓ ${name}`);
      return result;
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      const before = this.#done.length > 0 ? `Done before: ${this.#done.join(', ')}.` : 'Nothing was done before.';
      throw new Fault(`✗ ${name}\n${fault.message}\n\n${before} ${this.#again}`);
    }
  }
}
