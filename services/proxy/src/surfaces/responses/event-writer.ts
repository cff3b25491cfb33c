/** Writes the events of one response stream, numbered without a gap, and keeps what they add up to. */
import type { JsonObject } from '../../providers/json.ts';
import { OutputItems } from './output-items.ts';

export class EventWriter {
  readonly output = new OutputItems();
  #next = 0;

  write(event: JsonObject): string {
    this.output.apply(event);
    const { type, ...rest } = event;
    return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest, sequence_number: this.#next++ })}\n\n`;
  }

  /** What is still open ends. */
  closeItems(status: 'completed' | 'incomplete'): string {
    return this.output
      .closing(status)
      .map((event) => this.write(event))
      .join('');
  }
}
