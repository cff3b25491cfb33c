import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNameOf } from '../src/conversations/chat-as-markdown.ts';
import { groupByDay } from '../src/conversations/list-days.ts';

const chatAt = (at: Date) => ({
  id: crypto.randomUUID(),
  title: '',
  updatedAt: at.toISOString(),
  pinned: false,
  folderId: null,
  share: null,
});
const local = (text: string) => new Date(text);

test('today, yesterday, the last days, then months, by the reader`s own clock', () => {
  const now = local('2026-11-23T00:30:00').getTime();
  const groups = groupByDay(
    ['2026-11-23T00:10:00', '2026-11-22T23:50:00', '2026-11-18T12:00:00', '2026-11-10T12:00:00', '2026-08-31T12:00:00']
      .map(local)
      .map(chatAt),
    now,
  );
  expect(groups.map(({ key }) => key)).toEqual(['today', 'yesterday', 'week', '2026-11', '2026-08']);
});

test('nothing is lost or reordered, and no group comes twice, whatever the times', () => {
  const moments = fc.array(fc.date({ min: new Date('2024-01-01'), max: new Date('2026-11-30'), noInvalidDate: true }));
  fc.assert(
    fc.property(moments, (dates) => {
      const chats = dates.sort((a, b) => b.getTime() - a.getTime()).map(chatAt);
      const groups = groupByDay(chats, Date.parse('2026-11-23T12:00:00Z'));
      expect(groups.flatMap(({ items }) => items)).toEqual(chats);
      expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
    }),
  );
});

test('a title becomes a name of a file', () => {
  expect(fileNameOf('Was kostet das? 10 % mehr/weniger', 'md')).toBe('Was-kostet-das-10-mehr-weniger.md');
  expect(fileNameOf('Größe: „Maß“', 'json')).toBe('Größe-Maß.json');
  expect(fileNameOf('../..', 'json')).toBe('chat.json');
});
