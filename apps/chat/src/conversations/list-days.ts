/** Conversations of a list in groups by the day of their last message, in the reader's own zone. */
import type { ConversationSummary } from '@cloudfreedom/contracts';

export type DayGroup = { kind: 'today' | 'yesterday' | 'week' } | { kind: 'month'; month: string };

const DAY_MS = 86_400_000;

function startOfDay(nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

function groupOf(at: string, nowMs: number): DayGroup {
  const atMs = Date.parse(at);
  const today = startOfDay(nowMs);
  if (atMs >= today) return { kind: 'today' };
  // Not 24 hours before: a day can have 23 or 25.
  if (atMs >= startOfDay(today - DAY_MS / 2)) return { kind: 'yesterday' };
  if (atMs >= today - 6.5 * DAY_MS) return { kind: 'week' };
  const day = new Date(atMs);
  return { kind: 'month', month: `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}` };
}

const keyOf = (group: DayGroup) => (group.kind === 'month' ? group.month : group.kind);

/** In the order of the list, which is the newest first. */
export function groupByDay(
  items: ConversationSummary[],
  nowMs: number,
): { key: string; group: DayGroup; items: ConversationSummary[] }[] {
  const groups: { key: string; group: DayGroup; items: ConversationSummary[] }[] = [];
  for (const item of items) {
    const group = groupOf(item.updatedAt, nowMs);
    const key = keyOf(group);
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(item);
    else groups.push({ key, group, items: [item] });
  }
  return groups;
}
