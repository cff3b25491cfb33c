/** The event stream of a tenant's proxy. */
import { type DirectoryEvent, directoryEventId } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { type EventPosition, readDirectoryEvents } from './directory-events.store.ts';
import type { EventFeed } from './event-feed.ts';

/** Without news the stream still says this often how far it has come. */
const HEARTBEAT_MS = 15_000;

/** @returns null for what is no id of ours: it is answered by a reset */
function parsePosition(lastEventId: string | undefined): EventPosition | null {
  const known = directoryEventId.safeParse(lastEventId);
  if (!known.success) return null;
  const dash = known.data.indexOf('-');
  return { seq: BigInt(known.data.slice(0, dash)), mark: known.data.slice(dash + 1) };
}

const idLine = ({ seq, mark }: EventPosition) => `id: ${seq}-${mark}\n`;

function toFrame(event: EventPosition & DirectoryEvent): string {
  const data: DirectoryEvent = { kind: event.kind, id: event.id };
  return `${idLine(event)}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * Server-sent events until the feed stops or the reader may no longer listen. Begins with what the reader has missed, or
 * a reset where that is not known.
 * @param mayListen asked before each read: a token that was revoked ends its streams
 */
export async function* streamEvents(
  parts: { pool: Pool; feed: EventFeed; mayListen: () => Promise<boolean> },
  tenantId: string,
  lastEventId: string | undefined,
): AsyncGenerator<string> {
  let position = parsePosition(lastEventId);
  while (!parts.feed.stopped && (await parts.mayListen())) {
    const { events, next } = await readDirectoryEvents(parts.pool, tenantId, position);
    // The position last, also where no event of this tenant stands there.
    yield `${events.map(toFrame).join('')}${idLine(next)}\n`;
    position = next;
    await parts.feed.changed(next.seq, HEARTBEAT_MS);
  }
}
