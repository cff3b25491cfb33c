/**
 * Requests that got an error instead of an answer, on their way to billing, where admins look for them. Beside the
 * requests, never in their way: what can't be delivered waits, and beyond a bound it is dropped and counted. The first of a
 * kind is told within a second; what follows for the same reason in the same minute is told as one number.
 */
import { randomUUID } from 'node:crypto';
import { FAILED_ATTEMPTS_MAX, FAILURE_BATCH_MAX, type FailureReport, REQUEST_IDS_KEPT } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import { Counter, type Registry } from 'prom-client';

export type FailedRequest = Omit<FailureReport, 'id' | 'requests' | 'firstAt' | 'lastAt' | 'requestIds'> & {
  requestId: string;
};

const SEND_EVERY_MS = 500;
const SEND_AGAIN_MS = 5_000;
const MINUTE_MS = 60_000;
const REASONS_MAX = 2_000;
const WAITING_MAX = 5_000;
const LONGEST_GOODBYE_MS = 1_000;

interface Reason {
  untilMs: number;
  /** Of those after the first. */
  more: FailureReport | null;
}

function reportOf({ requestId, ...failed }: FailedRequest): FailureReport {
  const at = new Date().toISOString();
  const attempts = failed.attempts.slice(-FAILED_ATTEMPTS_MAX);
  return { ...failed, attempts, id: randomUUID(), requests: 1, firstAt: at, lastAt: at, requestIds: [requestId] };
}

export class FailureLog {
  readonly #send: (failures: FailureReport[]) => Promise<void>;
  readonly #logger: Logger;
  readonly #dropped: Counter;
  readonly #reasons = new Map<string, Reason>();
  #waiting: FailureReport[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<boolean> | undefined;
  #closed = false;

  constructor(options: { send: (failures: FailureReport[]) => Promise<void>; logger: Logger; registry: Registry }) {
    this.#send = options.send;
    this.#logger = options.logger;
    this.#dropped = new Counter({
      name: 'cloudfreedom_proxy_failure_reports_dropped_total',
      help: 'Failed requests that admins will not find: there were more of them than could be told',
      registers: [options.registry],
    });
  }

  note(failed: FailedRequest): void {
    const { code, errorKind, subjectId, apiKeyId, model, deployment } = failed;
    const name = [code, errorKind, subjectId, apiKeyId, model, deployment].join(' ');
    const reason = this.#reasons.get(name);
    if (reason) this.#add(reason, failed);
    else if (this.#reasons.size >= REASONS_MAX || this.#waiting.length >= WAITING_MAX) this.#dropped.inc();
    else {
      this.#reasons.set(name, { untilMs: performance.now() + MINUTE_MS, more: null });
      this.#waiting.push(reportOf(failed));
    }
    this.#plan(SEND_EVERY_MS);
  }

  /** Tell what is left, once; what billing doesn't take then is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
    this.#ripen(Number.POSITIVE_INFINITY);
    if (this.#waiting.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_GOODBYE_MS);
    });
    await Promise.race([this.#deliver(), patience]);
    clearTimeout(timer);
  }

  #add(reason: Reason, failed: FailedRequest): void {
    reason.more ??= { ...reportOf(failed), requests: 0, requestIds: [] };
    const { more } = reason;
    more.requests++;
    more.lastAt = new Date().toISOString();
    if (more.requestIds.length < REQUEST_IDS_KEPT) more.requestIds.push(failed.requestId);
  }

  /** Reasons whose minute is over. */
  #ripen(nowMs: number): void {
    for (const [name, { untilMs, more }] of this.#reasons) {
      if (untilMs > nowMs) continue;
      if (more && this.#waiting.length < WAITING_MAX) this.#waiting.push(more);
      else if (more) this.#dropped.inc(more.requests);
      this.#reasons.delete(name);
    }
  }

  #plan(inMs: number): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#turn(), inMs);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    this.#ripen(performance.now());
    this.#sending = this.#deliver();
    const delivered = await this.#sending;
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#plan(delivered ? 0 : SEND_AGAIN_MS);
    else if (this.#reasons.size > 0) this.#plan(SEND_EVERY_MS);
  }

  /** @returns whether billing took them */
  async #deliver(): Promise<boolean> {
    const batch = this.#waiting.slice(0, FAILURE_BATCH_MAX);
    if (batch.length === 0) return true;
    try {
      await this.#send(batch);
      this.#waiting = this.#waiting.slice(batch.length);
      return true;
    } catch (error) {
      this.#logger.warn({ err: error, waiting: this.#waiting.length }, 'billing took no failed requests');
      return false;
    }
  }
}
