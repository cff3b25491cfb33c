import { expect, it } from 'vitest';
import { requestOf } from '../src/answers/request-of.ts';
import { PLAIN_SETTINGS } from '../src/settings/plain-settings.ts';
import { message } from './messages.ts';

const model = { id: 'm', reasoning: 'visible' } as const;
const load = async ({ name }: { name: string }) => `content of ${name}`;

it('sends the path, answers that went on in one piece, and asks to go on with the last', async () => {
  const path = [
    message('q', null),
    message('half', 'q', { role: 'assistant', ending: 'cut' }),
    message(' rest', 'half', { role: 'assistant', ending: 'length' }),
  ];
  const { messages } = await requestOf(model, path, PLAIN_SETTINGS, load);
  expect(messages).toEqual([
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'half rest' },
    { role: 'user', content: expect.stringContaining('Go on exactly where it ends') },
  ]);
  // What is shown stays as it was.
  expect(path[1]?.content).toBe('half');
});

it('sends instructions first, and what was set; thinking only to models that think', async () => {
  const settings = { instructions: 'Be brief.', temperature: 0.2, reasoningEffort: 'low' } as const;
  expect(await requestOf(model, [message('q', null)], settings, load)).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'q' },
    ],
    temperature: 0.2,
    reasoning_effort: 'low',
  });
  expect(await requestOf({ id: 'm', reasoning: 'none' }, [], settings, load)).not.toHaveProperty('reasoning_effort');
});

it('sends files before the words, each in its own form', async () => {
  const file = (name: string, mediaType: 'image/png' | 'application/pdf' | 'text/plain') => ({
    id: name,
    name,
    mediaType,
    sizeBytes: 1,
  });
  const attachments = [file('a.png', 'image/png'), file('b.pdf', 'application/pdf'), file('c.txt', 'text/plain')];
  const { messages } = await requestOf(model, [message('q', null, { attachments })], PLAIN_SETTINGS, load);
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'content of a.png' } },
        { type: 'file', file: { filename: 'b.pdf', file_data: 'content of b.pdf' } },
        { type: 'text', text: 'File "c.txt":\n\ncontent of c.txt' },
        { type: 'text', text: 'q' },
      ],
    },
  ]);
});
