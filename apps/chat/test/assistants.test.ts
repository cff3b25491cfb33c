import type { KeptFile } from '@cloudfreedom/contracts';
import { expect, it } from 'vitest';
import { requestOf } from '../src/answers/request-of.ts';
import { withAssistant } from '../src/assistants/with-assistant.ts';
import { fileTokens } from '../src/costs/estimate.ts';
import { PLAIN_SETTINGS } from '../src/settings/plain-settings.ts';
import { message } from './messages.ts';

const assistant = { instructions: 'Be a lawyer.', temperature: 0.2 };
const file: KeptFile = { id: 'f', name: 'rules.txt', mediaType: 'text/plain', sizeBytes: 3_500 };

it('an assistant’s instructions come first, and its temperature where none is set', () => {
  expect(withAssistant(PLAIN_SETTINGS, null)).toBe(PLAIN_SETTINGS);
  expect(withAssistant(PLAIN_SETTINGS, assistant)).toEqual({ ...PLAIN_SETTINGS, ...assistant });
  const own = { ...PLAIN_SETTINGS, instructions: 'Be brief.', temperature: 0 };
  expect(withAssistant(own, assistant)).toEqual({ ...own, instructions: 'Be a lawyer.\n\nBe brief.' });
  expect(withAssistant(own, { instructions: ' ', temperature: 1 }).instructions).toBe('Be brief.');
});

it('its files stand before the first question, the same at every request', async () => {
  const path = [message('q', null), message('a', 'q', { role: 'assistant' }), message('q2', 'a')];
  const load = () => Promise.reject(new Error('there is none'));
  const { messages } = await requestOf({ id: 'm', reasoning: 'none' }, path, PLAIN_SETTINGS, load, [
    { file, data: 'Rule 1' },
  ]);
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(messages[0]?.content).toEqual([
    { type: 'text', text: 'File "rules.txt":\n\nRule 1' },
    { type: 'text', text: path[0]?.content },
  ]);
  expect(messages[2]?.content).toBe(path[2]?.content);
});

it('files count in what a request is thought to cost', () => {
  expect(fileTokens(file)).toBe(1_000);
  expect(fileTokens({ mediaType: 'application/pdf', sizeBytes: 1_000_000 })).toBe(50_000);
  expect(fileTokens({ mediaType: 'image/png', sizeBytes: 9_000_000 })).toBe(1_500);
});
