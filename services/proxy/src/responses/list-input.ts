/** A page of the input items of a kept response, in OpenAI's form. */
import { commonError } from '@cloudfreedom/service-kit';
import type { InputItem } from '../providers/responses-request.ts';

interface ItemPage {
  object: 'list';
  data: InputItem[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

/** @throws ApiError `invalid_request` when `after` names no item */
export function listInput(
  responseId: string,
  input: InputItem[],
  { after, limit, order }: { after?: string | undefined; limit: number; order: 'asc' | 'desc' },
): ItemPage {
  const named = input.map((item, index) => ({ ...item, id: item.id ?? `item_${index}_of_${responseId}` }));
  const sorted = order === 'asc' ? named : named.toReversed();
  const start = after === undefined ? 0 : sorted.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0)
    throw commonError('invalid_request', { message: 'after: this response has no such item.', param: 'after' });
  const data = sorted.slice(start, start + limit).map(inWholeForm);
  const ids = data.map(({ id }) => String(id));
  return {
    object: 'list',
    data,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
    has_more: start + limit < sorted.length,
  };
}

/** A message's text may have come as a string alone. */
function inWholeForm(item: InputItem): InputItem {
  if (item.type !== 'message' || typeof item.content !== 'string') return item;
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  return { ...item, status: 'completed', content: [{ type, text: item.content }] };
}
