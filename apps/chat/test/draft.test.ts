import { describe, expect, it } from 'vitest';
import { emptyDraft, endingOf, withEvent } from '../src/answers/draft.ts';
import { AnswerCut, type AnswerEvent } from '../src/answers/stream-answer.ts';

const after = (...events: AnswerEvent[]) => events.reduce(withEvent, emptyDraft());

describe('how an answer ended', () => {
  it.each([
    ['whole', after({ type: 'finish', reason: 'stop' }), null],
    ['length', after({ type: 'finish', reason: 'length' }), null],
    ['filter', after({ type: 'finish', reason: 'content_filter' }), null],
    ['budget', after({ type: 'finish', reason: 'length' }, { type: 'stopped', why: 'budget' }), null],
    ['failed', after({ type: 'finish', reason: 'length' }, { type: 'stopped', why: 'billing_unavailable' }), null],
    ['stopped', after({ type: 'text', text: 'half' }), new DOMException('', 'AbortError')],
    ['cut', after({ type: 'text', text: 'half' }), new AnswerCut('')],
    ['failed', after({ type: 'text', text: 'half' }), new Error('?')],
  ])('%s', (ending, draft, error) => expect(endingOf(draft, error)).toBe(ending));
});

it('who served it is kept only where the first call failed', () => {
  const accepted = { type: 'accepted', requestId: 'r', deployment: 'openai/x' } as const;
  expect(after({ ...accepted, failedKinds: [] }).servedBy).toBeNull();
  expect(after({ ...accepted, failedKinds: ['timeout', 'cut'] }).servedBy).toBe('openai/x; after=timeout');
});

it('each source once', () => {
  const citations = [{ url: 'https://a.example', title: 'A' }];
  expect(after({ type: 'citations', citations }, { type: 'citations', citations }).citations).toEqual(citations);
});
