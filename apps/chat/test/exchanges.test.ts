import { expect, it } from 'vitest';
import { chargeOf, exchangesOf } from '../src/thread/exchanges.ts';
import { pathOf } from '../src/thread/message-tree.ts';
import { message } from './messages.ts';

const answer = (id: string, parentId: string, over = {}) =>
  message(id, parentId, { role: 'assistant', ending: 'whole', ...over });

it('puts questions and answers together, and an answer with what went on with it', () => {
  const messages = [
    message('q', null),
    answer('a', 'q', { ending: 'cut' }),
    answer('a more', 'a', { ending: 'stopped' }),
    message('q2', 'a more'),
    answer('b', 'q2'),
    answer('c', 'b'),
    message('q3', 'c'),
  ];
  const shape = exchangesOf(pathOf(messages)).map(({ question, answers }) => [
    question?.message.id,
    ...answers.map((steps) => steps.map((step) => step.message.id)),
  ]);
  expect(shape).toEqual([['q', ['a', 'a more']], ['q2', ['b'], ['c']], ['q3']]);
});

it('adds charges exactly, and says nothing where one is not known', () => {
  expect(chargeOf([{ chargeEur: '0.1' }, { chargeEur: '0.2' }])).toBe('0.30');
  expect(chargeOf([{ chargeEur: '0.000000001' }, { chargeEur: '0.000000002' }])).toBe('0.000000003');
  expect(chargeOf([{ chargeEur: '0.1' }, { chargeEur: null }])).toBeNull();
});
