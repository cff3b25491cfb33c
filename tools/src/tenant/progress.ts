/** Steps of a command, one line each; a failure says what was done before it and how to go on. */
import { Fault } from '../stack/fault.ts';
import { faultOf } from './refusal.ts';

export class Progress {
  readonly #done: string[] = [];
  readonly #warnings: string[] = [];
  readonly #report: (line: string) => void;
  readonly #again: string;

  constructor(report: (line: string) => void, again: string) {
    this.#report = report;
    this.#again = again;
  }

  /** What was not done although the command goes on: said at once, and once more at its end. */
  warn(line: string): void {
    this.#warnings.push(line);
    this.#report(`  ! ${line}`);
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** For what is only known afterwards: a step that was done. */
  done(name: string): void {
    this.#done.push(name);
    this.#report(`  ✓ ${name}`);
  }

  /** @throws Fault that says what was done before and how to go on */
  async step<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const result = await this.attempt(name, work);
    this.done(name);
    return result;
  }

  /** A step whose result says whether it was done. @throws as `step` */
  async attempt<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      const before = this.#done.length > 0 ? `Done before: ${this.#done.join(', ')}.` : 'Nothing was done before.';
      throw new Fault(`✗ ${name}\n${fault.message}\n\n${before} ${this.#again}`);
    }
  }
}
