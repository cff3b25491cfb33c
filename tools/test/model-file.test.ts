import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseModelFile } from '../src/models/model-file.ts';
import { Fault } from '../src/stack/fault.ts';

const SEED = readFileSync(path.resolve(import.meta.dirname, '../seed/models.yaml'), 'utf8');
const entry = (more = '') => `models:
  - name: m
    provider: custom
    base_url: https://host/v1
    region: eu
    context_tokens: 1000
    output_tokens_max: 100
    reasoning: none
${more}`;

function faultOf(source: string): string {
  try {
    parseModelFile(source, 'f.yaml');
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  throw new Error('the file was taken');
}

describe('the seed', () => {
  test('is valid, and so is each of its commented examples', () => {
    const shown = parseModelFile(SEED, 'seed').length;
    // An example's lines begin with "# -" or "#   ", its explanation with a word.
    const taken = SEED.replace(/^ {2}# (?=- name:| {2}\w+:)/gm, '  ');
    const examples = parseModelFile(taken, 'seed').length - shown;
    expect(shown).toBeGreaterThan(30);
    expect(examples).toBe(5);
  });
});

describe('an entry', () => {
  test('has defaults for what it leaves out', () => {
    expect(parseModelFile(entry(), 'f.yaml')).toEqual([
      {
        place: 'f.yaml:2',
        wanted: expect.objectContaining({
          deployment: 'm',
          display_name: 'm',
          description_en: '',
          description_de: '',
          languages: '',
          upstream_model: 'm',
          kind: 'chat',
          weight: 1,
          priority: 0,
          unsupported: [],
          only_tenants: [],
          own_prices: null,
          enabled: true,
        }),
      },
    ]);
  });

  test.each([
    [
      'a number as price',
      '    own_prices: { uncached_input: 0.15, output_text: "1" }',
      'f.yaml:9: models[0].own_prices.uncached_input',
      'in quotes',
    ],
    ['an unknown meter', '    own_prices:\n      input: "1"', 'f.yaml:10: models[0].own_prices', 'uncached_input'],
    [
      'a price too few',
      '    own_prices: { uncached_input: "1" }',
      'f.yaml:9: models[0].own_prices',
      'output_text is missing',
    ],
    ['a key', '    api_key: sk-secret', 'f.yaml:9: models[0]', 'key_name'],
    ['a misspelt field', '    wieght: 3', 'f.yaml:9: models[0]', 'wieght'],
    ['an unknown inability', '    unsupported: [tools, hands]', 'f.yaml:9: models[0].unsupported[1]', 'json_schema'],
    ['a weight of none', '    weight: 0', 'f.yaml:9: models[0].weight', '1 to 1000'],
    ['a field twice', '    region: us', 'f.yaml:9:', 'unique'],
    ['a broken line', '    region: [eu', 'f.yaml:', 'not YAML'],
  ])('with %s is refused with line, path and fix', (_what, line, place, fix) => {
    const fault = faultOf(entry(line));
    expect(fault).toContain(place);
    expect(fault).toContain(fix);
    expect(fault).not.toContain('sk-secret');
  });

  test.each([
    [
      'base_url: https://host/v1',
      'base_url: https://user:word@host/v1',
      'f.yaml:4: models[0].base_url',
      'without user',
    ],
    ['base_url: https://host/v1', 'weight: 1', 'f.yaml:2: models[0].base_url', 'missing'],
    ['provider: custom', 'provider: opanai', 'f.yaml:3: models[0].provider', 'openai, anthropic, gemini, custom'],
    ['region: eu', 'weight: 1', 'f.yaml:2: models[0].region', 'missing; give one of eu, us, global'],
    ['name: m', 'name: my model', 'f.yaml:2: models[0].name', 'without spaces'],
    ['context_tokens: 1000', 'context_tokens: lots', 'f.yaml:6: models[0].context_tokens', 'whole number'],
  ])('with %s become %s is refused', (before, after, place, fix) => {
    const fault = faultOf(entry().replace(before, after));
    expect(fault).toContain(place);
    expect(fault).toContain(fix);
    expect(fault).not.toContain('user:word');
  });

  test('all faults are told at once', () => {
    expect(faultOf(entry('    weight: 0\n    priority: -1')).split('\n')).toHaveLength(2);
  });

  test('of a deployment that is there already is refused with both lines', () => {
    const fault = faultOf(entry(entry().slice('models:\n'.length)));
    expect(fault).toMatch(/^f\.yaml:9: .*f\.yaml:2/);
  });
});

test('whatever the text, it is taken or refused by a sentence', () => {
  const piece = fc.constantFrom(
    'models:',
    '- ',
    '  ',
    '\n',
    'name: ',
    'm',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '"',
    '#',
    '!!x ',
    '? ',
    '1',
    '---\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
      ),
      (source) => {
        try {
          parseModelFile(source, 'f.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).message).toMatch(/^f\.yaml/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
