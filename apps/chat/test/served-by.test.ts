import { expect, it } from 'vitest';
import { readServedBy } from '../src/thread/served-by.ts';

it.each([
  ['openai/gpt-4.1; after=overloaded', 'openai/gpt-4.1', 'busy'],
  ['custom/llama; deployment=ours; simulated; after=cut', 'ours', 'unreachable'],
  ['openai/gpt-4.1; simulated; after=constructor', 'openai/gpt-4.1', 'other'],
  ['openai/gpt-4.1', 'openai/gpt-4.1', 'other'],
])('%j was served by %j because of %j', (line, deployment, reason) =>
  expect(readServedBy(line)).toEqual({ deployment, reason }),
);
