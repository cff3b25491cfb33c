/** Pages of PocketBase's records, newest first, each behind or before a record: so those in between are not read. */
import type { useApp } from '@cloudfreedom/ui';
import { z } from 'zod';

type PocketBase = ReturnType<typeof useApp>['session']['pocketbase'];

/** An index read from its end: of very many records only those of a page are read. */
export const NEWEST_FIRST = '-created,-id';

const recordPlace = z.object({ created: z.string().min(1), id: z.string() });
/** Of a record in the order; it stays one when the record is gone. */
export type Place = z.infer<typeof recordPlace>;
const PLACE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([a-z0-9]{15})$/;

/** Which page is shown, as the address has it. */
export interface PageAddress {
  /** From 1. */
  page: number;
  /** What the page begins behind, or ends before; null: its number says where it is. */
  edge: { side: 'after' | 'before'; place: Place } | null;
}

/** What is wrong in an address is left out: then it is the first page. */
export function readPageAddress(params: URLSearchParams): PageAddress {
  const number = Number(params.get('page') ?? '1');
  const page = Number.isSafeInteger(number) && number > 0 ? number : 1;
  for (const side of ['after', 'before'] as const) {
    const [, created, id] = PLACE.exec(params.get(side) ?? '') ?? [];
    if (created && id) return { page, edge: { side, place: { created: created.replace('T', ' '), id } } };
  }
  return { page, edge: null };
}

/** What of the address changes when something else is looked for. */
export const FIRST_PAGE = { page: null, after: null, before: null };

/** What of the address changes from one page to the next or the one before. */
export function pageChange(from: number, to: number, { first, last }: Edges): Record<string, string | null> {
  if (to <= 1) return FIRST_PAGE;
  const place = to > from ? last : first;
  const text = place && `${place.created.replace(' ', 'T')}_${place.id}`;
  return { ...FIRST_PAGE, page: String(to), [to > from ? 'after' : 'before']: text };
}

/** Of the first and the last record of a page; null: it has none. */
interface Edges {
  first: Place | null;
  last: Place | null;
}

interface PageOfRecords extends Edges {
  records: unknown[];
  mayHaveMore: boolean;
}

/** The filter is PocketBase's; its first condition is the index's range, the second keeps to whole places. */
const BESIDE = {
  after: { filter: 'created <= {:created} && (created < {:created} || id < {:id})', sort: NEWEST_FIRST },
  before: { filter: 'created >= {:created} && (created > {:created} || id > {:id})', sort: 'created,id' },
};

/** @param wanted.conditions in PocketBase's words; wanted.expand names what comes with each record */
export async function readNewestFirst(
  pocketbase: PocketBase,
  collection: string,
  wanted: { conditions: string[]; pageRows: number; expand?: string },
  { page, edge }: PageAddress,
): Promise<PageOfRecords> {
  const { conditions, pageRows, ...expand } = wanted;
  const { filter, sort } = BESIDE[edge?.side ?? 'after'];
  const list = await pocketbase.collection(collection).getList(edge ? 1 : page, pageRows, {
    filter: [...conditions, ...(edge ? [pocketbase.filter(filter, edge.place)] : [])].join(' && '),
    sort,
    skipTotal: true,
    ...expand,
  });
  const isBefore = edge?.side === 'before';
  const records = isBefore ? list.items.reverse() : list.items;
  const placeOf = (record: unknown) => (record === undefined ? null : recordPlace.parse(record));
  return {
    records,
    first: placeOf(records[0]),
    last: placeOf(records.at(-1)),
    mayHaveMore: isBefore || records.length === pageRows,
  };
}
