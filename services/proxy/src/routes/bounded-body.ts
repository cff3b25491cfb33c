/** A cheap look at a parsed body before the schema's dear one: what is checked item by item must have few items. */
import { commonError } from '@cloudfreedom/service-kit';

export const LIST_ITEMS_MAX = 20_000;

/** @throws ApiError `invalid_request` when all lists of the body together hold more items than any real request */
export function requireBoundedLists(body: unknown, itemsMax: number): void {
  let items = 0;
  // A list of things still to look at instead of recursion: a deeply nested body must not exhaust the stack.
  const open: { value: unknown; field: string }[] = [{ value: body, field: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, field } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) items += value.length;
    if (items > itemsMax)
      throw commonError('invalid_request', {
        message: `${field}: the lists of this request hold more than ${itemsMax} items in all. Send fewer.`,
        param: field,
      });
    for (const [key, item] of Object.entries(value)) open.push({ value: item, field: field || key });
  }
}
