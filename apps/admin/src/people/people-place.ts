/** Where a page of people begins: behind or before somebody, so that of very many people those in between are not read. */
import type { PeopleView, SortColumn } from './person.ts';

/** Each is the beginning of an index of its own. */
export const SORT_FIELDS: Record<SortColumn, string[]> = {
  name: ['name', 'id'],
  role: ['role', 'name', 'id'],
  product: ['product', 'name', 'id'],
  status: ['status', 'name', 'id'],
};

/** People who stand together in the order; `filter` and `sort` in PocketBase's words, `values` for the filter. */
export interface Stretch {
  filter: string;
  values: Record<string, string>;
  sort: string;
}

const sortBy = (fields: string[], descends: boolean) =>
  fields.map((field) => (descends ? `-${field}` : field)).join(',');

/**
 * The stretches behind or before `place`, the nearest first; each is a range of one index.
 * @param place the values of the sort fields of who stands there; null: the list's beginning
 */
export function stretchesFrom(
  view: Pick<PeopleView, 'sort' | 'descending'>,
  direction: 'after' | 'before',
  place: Record<string, string> | null,
): [Stretch, ...Stretch[]] {
  const descends = view.descending !== (direction === 'before');
  const fields = SORT_FIELDS[view.sort];
  const sort = sortBy(fields, descends);
  if (!place) return [{ filter: '', values: {}, sort }];
  const beyond = descends ? '<' : '>';
  const values = { name: place.name ?? '', id: place.id ?? '' };
  const sameName = `name ${beyond}= {:name} && (name ${beyond} {:name} || id ${beyond} {:id})`;
  if (view.sort === 'name') return [{ filter: sameName, values, sort }];
  const group = { group: place[view.sort] ?? '' };
  return [
    {
      filter: `${view.sort} = {:group} && ${sameName}`,
      values: { ...values, ...group },
      sort: sortBy(['name', 'id'], descends),
    },
    { filter: `${view.sort} ${beyond} {:group}`, values: group, sort },
  ];
}
