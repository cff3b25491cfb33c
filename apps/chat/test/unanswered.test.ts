import type { Message } from '@cloudfreedom/contracts';
import { expect, it } from 'vitest';
import { unansweredQuestions } from '../src/thread/unanswered.ts';

const say = (id: string, role: Message['role'], content = id): Message => ({
  id,
  role,
  content,
  model: null,
  chargeEur: null,
  at: '2026-11-23T12:00:00.000Z',
});

it('finds the questions without an answer, in the middle and at the end', () => {
  const messages = [say('a', 'user'), say('b', 'user'), say('B', 'assistant'), say('c', 'user')];
  expect([...unansweredQuestions(messages)]).toEqual(['a', 'c']);
  expect([...unansweredQuestions([])]).toEqual([]);
});

it('what was asked again in the same words is offered once', () => {
  const again = [say('a', 'user', 'Hi'), say('b', 'user', 'Other'), say('B', 'assistant'), say('c', 'user', 'Hi')];
  expect([...unansweredQuestions(again)]).toEqual(['c']);
  expect([...unansweredQuestions([...again, say('C', 'assistant')])]).toEqual([]);
});
