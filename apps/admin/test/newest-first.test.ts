/** Pages of records, newest first, in an address: everything is met once in both directions, also of one moment. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIRST_PAGE, type Place, pageChange, readNewestFirst, readPageAddress } from '../src/records/newest-first.ts';

const PAGE_ROWS = 5;
type PocketBase = Parameters<typeof readNewestFirst>[0];

/** As PocketBase compares them: text by text. */
const newestFirst = (one: Place, other: Place) =>
  one.created === other.created ? (one.id < other.id ? 1 : -1) : one.created < other.created ? 1 : -1;

/** Answers what `readNewestFirst` asks for, of these records. */
function pocketBaseOf(records: Place[]): PocketBase {
  const filter = (text: string, place: Place) => JSON.stringify({ isOlder: text.includes('<'), place });
  const getList = async (page: number, rows: number, asked: { filter: string; sort: string }) => {
    const edge = asked.filter === '' ? null : (JSON.parse(asked.filter) as { isOlder: boolean; place: Place });
    const beyond = (record: Place) => !edge || newestFirst(record, edge.place) * (edge.isOlder ? 1 : -1) > 0;
    const items = records.filter(beyond).sort(newestFirst);
    if (asked.sort === 'created,id') items.reverse();
    return { items: items.slice((page - 1) * rows, page * rows) };
  };
  return { filter, collection: () => ({ getList }) } as unknown as PocketBase;
}

const ID = fc.stringMatching(/^[a-z0-9]{15}$/);
/** Few moments, so that many records share one. */
const CREATED = fc.integer({ min: 0, max: 9 }).map((second) => `2026-11-23 22:15:0${second}.123Z`);
const RECORDS = fc.uniqueArray(fc.record({ id: ID, created: CREATED }), { selector: ({ id }) => id, maxLength: 40 });

const addressOf = (changes: Record<string, string | null>) =>
  readPageAddress(
    new URLSearchParams(Object.entries(changes).filter((entry): entry is [string, string] => !!entry[1])),
  );

describe('a list is gone through', () => {
  test('forwards to its end and back: every record once, newest first', () =>
    fc.assert(
      fc.asyncProperty(RECORDS, async (records) => {
        const pocketbase = pocketBaseOf(records);
        const read = (changes: Record<string, string | null>) =>
          readNewestFirst(pocketbase, 'any', { conditions: [], pageRows: PAGE_ROWS }, addressOf(changes));
        const whole = [...records].sort(newestFirst);
        let shown = await read(FIRST_PAGE);
        const pages = [shown.records];
        while (shown.mayHaveMore) {
          shown = await read(pageChange(pages.length, pages.length + 1, shown));
          pages.push(shown.records);
        }
        expect(pages.flat()).toEqual(whole);
        for (let page = pages.length; page > 1 && shown.first; page--) {
          shown = await read(pageChange(page, page - 1, shown));
          expect(shown.records).toEqual(pages[page - 2]);
        }
      }),
    ));
});

describe('the page in the address', () => {
  test('begins behind a record or ends before one, and is read as it was written', () => {
    const place = { created: '2026-11-23 22:15:00.123Z', id: 'abcdefghijklmno' };
    expect(addressOf(pageChange(2, 3, { first: null, last: place }))).toEqual({
      page: 3,
      edge: { side: 'after', place },
    });
    expect(addressOf(pageChange(4, 3, { first: place, last: null }))).toEqual({
      page: 3,
      edge: { side: 'before', place },
    });
    expect(pageChange(2, 1, { first: place, last: place })).toEqual(FIRST_PAGE);
  });

  test.each(['page=0', 'page=-1', 'page=x', 'page=1e99', 'after=x"%20||%20id%20!=%20"', 'before=2026-11-23_abc'])(
    'is the first where it makes no sense: %s',
    (query) => expect(readPageAddress(new URLSearchParams(query))).toEqual({ page: 1, edge: null }),
  );
});
