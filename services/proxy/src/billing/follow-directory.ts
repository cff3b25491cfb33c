/**
 * Follows billing's stream of changes and forgets what they concern. Without the stream all is as before: what is
 * remembered goes after its time, and who may spend is decided by billing at each reservation.
 */
import { setTimeout } from 'node:timers/promises';
import type { DirectoryEvent } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { Exchange } from '../upstream/exchange.ts';
import type { BillingClient } from './billing-client.ts';
import { createEventStreamReader } from './event-stream.ts';
import type { ModelCatalogue } from './model-catalogue.ts';
import type { Principals } from './principals.ts';

/** Billing says every 15 s how far the stream has come. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

interface Remembered {
  principals: Pick<Principals, 'forgetWhere'>;
  catalogue: Pick<ModelCatalogue, 'forget'>;
}

function forget({ principals, catalogue }: Remembered, { kind, id }: DirectoryEvent): void {
  switch (kind) {
    case 'user':
      principals.forgetWhere(({ subjectId }) => subjectId === id);
      break;
    case 'api_key':
      principals.forgetWhere(({ apiKeyId }) => apiKeyId === id);
      break;
    case 'product':
      principals.forgetWhere(({ productId }) => productId === id);
      break;
    case 'price':
      catalogue.forget();
      break;
    default:
      // What a tenant or a model is stands in the catalogue and in what each of its people may use.
      principals.forgetWhere(() => true);
      catalogue.forget();
  }
}

/** @returns ends it */
export function followDirectory(
  parts: Remembered & { billing: Pick<BillingClient, 'openEvents'>; logger: Logger },
): () => Promise<void> {
  const { billing, logger } = parts;
  const stopping = new AbortController();
  let lastEventId: string | undefined;
  let exchange: Exchange | undefined;
  /** Failed attempts in a row; an answer that said something ends the row. */
  let failures = 0;

  async function readOnce(): Promise<void> {
    exchange = billing.openEvents(lastEventId, SILENCE_MS);
    const { started } = exchange;
    await started;
    if (exchange.status !== 200) throw new Error(`the event stream answered ${exchange.status}`);
    const reader = createEventStreamReader(
      (event) => forget(parts, event),
      (id) => {
        lastEventId = id;
        if (failures > 0) logger.info('changes are followed again');
        failures = 0;
      },
    );
    await readBody(exchange, reader.push);
    throw new Error('the event stream ended');
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await readOnce().catch((error: unknown) => {
        exchange?.abort();
        if (failures === 0 && !stopping.signal.aborted)
          logger.warn({ err: error }, 'changes are not followed: what is remembered goes after its time');
      });
      const longestMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
      failures += 1;
      // Proxies that lost the same billing don't all come back in the same moment.
      const pauseMs = longestMs * (0.5 + Math.random() / 2);
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const following = follow();
  return async () => {
    stopping.abort();
    exchange?.abort();
    await following;
  };
}

/** @throws when the stream breaks, or `read` throws */
function readBody(exchange: Exchange, read: (bytes: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    exchange.attach({
      data: (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          reject(error);
        }
      },
      end: resolve,
      error: reject,
    });
  });
}
