import { expect, it } from 'vitest';
import { defaultModel } from '../src/models/default-model.ts';
import { groupModels } from '../src/models/model-groups.ts';
import { bareName } from '../src/models/model-name.ts';

const model = (id: string, name: string, more = {}) => ({
  id,
  object: 'model' as const,
  created: 0,
  owned_by: 'openai',
  name,
  simulated: false,
  kind: 'chat' as const,
  region: 'us' as const,
  context_tokens: 100_000,
  output_tokens_max: 8_000,
  reasoning: 'none' as const,
  unsupported: [],
  ...more,
});
const opus = model('claude-opus-5', 'Claude Opus 5', { owned_by: 'anthropic' });
const haiku = model('claude-haiku-4-5', 'Claude Haiku 4.5', { owned_by: 'anthropic' });
const mini = model('gpt-5.4-mini', 'GPT-5.4 mini');
const flash = model('gemini-3-flash', 'Gemini 3 Flash (simulated)', { owned_by: 'gemini', simulated: true });

it('the default: the last used, else a small one, else the first', () => {
  expect(defaultModel([opus, haiku, mini], 'claude-opus-5')).toBe(opus);
  expect(defaultModel([opus, haiku, mini], 'gone')).toBe(mini);
  expect(defaultModel([opus, flash, haiku], '')).toBe(flash);
  expect(defaultModel([opus, model('x', 'Some Lite')], '')?.id).toBe('x');
  expect(defaultModel([opus], '')).toBe(opus);
  expect(defaultModel([], '')).toBeUndefined();
});

it('only the remark on simulated models is taken off a name', () => {
  expect(bareName(flash)).toBe('Gemini 3 Flash');
  expect(bareName(model('x', 'Odd (simulated)'))).toBe('Odd (simulated)');
});

it('the menu is grouped by provider and searched by words', () => {
  const all = [opus, mini, haiku, flash];
  expect(groupModels(all, '').map(({ provider, simulated, models }) => [provider, simulated, models.length])).toEqual([
    ['anthropic', false, 2],
    ['openai', false, 1],
    ['gemini', true, 1],
  ]);
  expect(groupModels(all, ' 5 CLAUDE ').flatMap(({ models }) => models)).toEqual([opus, haiku]);
  expect(groupModels(all, 'simulated')).toEqual([]);
  expect(groupModels([model('x', 'X', { owned_by: 'someone' })], 'x')[0]?.provider).toBeNull();
});
