import { expect, it } from 'vitest';
import { abilitiesOf, languagesFor, pagesOf } from '../src/models/abilities.ts';
import { defaultModel } from '../src/models/default-model.ts';
import { groupModels } from '../src/models/model-groups.ts';
import { bareName } from '../src/models/model-name.ts';
import { centsOf } from '../src/models/typical-cost.ts';

const model = (id: string, name: string, more = {}) => ({
  id,
  object: 'model' as const,
  created: 0,
  owned_by: 'openai',
  name,
  description: { en: '', de: '' },
  languages: [] as string[],
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

const searched = ({ id, name }: { id: string; name: string }) => `${name} ${id}`.toLowerCase();
const unknown = () => undefined;

it('the menu is grouped by provider and searched by words', () => {
  const all = [opus, mini, haiku, flash];
  expect(
    groupModels(all, '', searched, unknown).map(({ provider, simulated, models }) => [
      provider,
      simulated,
      models.length,
    ]),
  ).toEqual([
    ['anthropic', false, 2],
    ['openai', false, 1],
    ['gemini', true, 1],
  ]);
  expect(groupModels(all, ' 5 CLAUDE ', searched, unknown).flatMap(({ models }) => models)).toEqual([opus, haiku]);
  expect(groupModels(all, 'penguin', searched, unknown)).toEqual([]);
  expect(groupModels([model('x', 'X', { owned_by: 'someone' })], 'x', searched, unknown)[0]?.provider).toBeNull();
});

it('the cheapest of a provider comes first, what nobody knows the price of last', () => {
  const costs: Record<string, string> = { 'claude-opus-5': '0.04', 'claude-haiku-4-5': '0.009' };
  const odd = model('claude-odd', 'Claude Odd', { owned_by: 'anthropic' });
  const [group] = groupModels([odd, opus, haiku], '', searched, ({ id }) => costs[id]);
  expect(group?.models).toEqual([haiku, opus, odd]);
});

it('abilities, pages and languages come from the record', () => {
  expect(abilitiesOf(opus)).toEqual(['images', 'pdf', 'longTexts']);
  const small = model('s', 'S', { reasoning: 'visible', unsupported: ['images', 'files'], context_tokens: 32_000 });
  expect(abilitiesOf(small)).toEqual(['thinking']);
  expect(pagesOf(1_048_576)).toBe(1_500);
  expect(languagesFor({ languages: ['en', 'fr', 'de'] }, 'de')).toEqual(['de', 'en', 'fr']);
});

it('cents have two digits that count', () => {
  expect(centsOf('0.0423')).toBe(4.2);
  expect(centsOf('0.000012345')).toBe(0.0012);
  expect(centsOf('1.2345')).toBe(120);
});
