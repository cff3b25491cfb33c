/**
 * What a service knows of traces: a request's own trace, and calls to others for it. Off there is none, and whoever would
 * tell it something tells nobody.
 */

/** Values of a span. Never a word of a prompt or an answer, no name of a person, no key. */
export type TraceAttributes = Record<string, string | number | boolean>;

export interface Work {
  name: string;
  /** Both by `performance.now()`. */
  startedAtMs: number;
  endedAtMs: number;
  /** Of the work: done here, or asked of another service. */
  kind?: 'here' | 'asked';
  attributes?: TraceAttributes;
  /** A word for what went wrong; absent: nothing. */
  error?: string;
}

/** One request's. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** false: nobody looks at it, but it is passed on. */
  readonly isRecorded: boolean;
  /** W3C's `traceparent` and `tracestate`, for whom it is passed on to. */
  headers(): Record<string, string>;
  /** Work that is over. */
  add(work: Work): void;
  set(attributes: TraceAttributes): void;
  /** @param error a word for what went wrong; null: nothing */
  end(error: string | null): void;
}

export interface Tracing {
  /** A request that came in; it goes on with its client's trace. */
  begin(request: { name: string; headers: Record<string, unknown>; attributes: TraceAttributes }): Trace;
  /** A call to another service, for one request or several at once: it belongs to the first one's trace and names the others. */
  call(
    name: string,
    traces: readonly [Trace, ...Trace[]],
  ): { headers: Record<string, string>; end(error?: string): void };
  /** What is still to be sent is sent. */
  close(): Promise<void>;
}
