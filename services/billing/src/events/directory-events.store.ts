import type { DirectoryEvent } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';

/** A place in the log: behind this event. */
export interface EventPosition {
  seq: bigint;
  mark: string;
}

/** How many events are read at once. */
const PAGE = 500;

/** One statement, one snapshot: what is not behind `next` here will get a greater number. */
const READ_EVENTS = `
  WITH newest AS (SELECT seq, mark FROM directory_events ORDER BY seq DESC LIMIT 1), behind AS (
    SELECT seq, mark, kind, record_id FROM directory_events
    WHERE seq > $1 AND (tenant_id IS NULL OR tenant_id = $3) ORDER BY seq LIMIT ${PAGE}
  )
  SELECT newest.seq AS newest_seq, newest.mark AS newest_mark, behind.*,
    EXISTS (SELECT FROM directory_events WHERE seq = $1 AND mark = $2) AS resumes
  FROM newest LEFT JOIN behind ON true ORDER BY behind.seq`;

interface Row {
  newest_seq: bigint;
  newest_mark: string;
  seq: bigint | null;
  mark: string;
  kind: DirectoryEvent['kind'];
  record_id: string;
  resumes: boolean;
}

export interface EventPage {
  events: (EventPosition & DirectoryEvent)[];
  /** Where to read on; where the page is not full, behind the newest event of all tenants. */
  next: EventPosition;
}

/**
 * What concerns a tenant behind a position.
 * @param after null, or a position that the log no longer has (or never had): one `reset` takes the place of the events
 */
export async function readDirectoryEvents(
  pool: Pool,
  tenantId: string,
  after: EventPosition | null,
): Promise<EventPage> {
  const { rows } = await pool.query<Row>({
    name: 'read-directory-events',
    text: READ_EVENTS,
    values: [after?.seq ?? 0n, after?.mark ?? null, tenantId],
  });
  const [first] = rows;
  if (!first) throw new Error('the log of directory events is empty');
  const newest = { seq: first.newest_seq, mark: first.newest_mark };
  if (!first.resumes) return { events: [{ ...newest, kind: 'reset', id: '' }], next: newest };
  const events = rows.flatMap(({ seq, mark, kind, record_id }) =>
    seq === null ? [] : [{ seq, mark, kind, id: record_id }],
  );
  return { events, next: events.length === PAGE ? (events.at(-1) ?? newest) : newest };
}

/** The greatest number in the log. */
export async function readNewestSeq(pool: Pool): Promise<bigint> {
  const { rows } = await pool.query<{ seq: bigint }>({
    name: 'read-newest-directory-event',
    text: 'SELECT seq FROM directory_events ORDER BY seq DESC LIMIT 1',
  });
  return rows[0]?.seq ?? 0n;
}

/** Events older than a day go, but for the newest: a reader's place may be there. */
export async function forgetDirectoryEvents(pool: Pool): Promise<void> {
  await pool.query(
    `DELETE FROM directory_events
     WHERE created_at < now() - interval '1 day' AND seq < (SELECT max(seq) FROM directory_events)`,
  );
}
