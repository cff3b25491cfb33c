import { describe, expect, it } from 'vitest';
import { colourOfModel, colourOfProvider } from '../src/appearance/model-family.ts';

describe('colours of models', () => {
  it('are those of the family, whatever the version or the writing', () => {
    expect(colourOfModel('claude-sonnet-5')).toBe(colourOfModel('Claude-Sonnet-4-6'));
    expect(colourOfModel('gpt-5.4-mini')).toBe(colourOfModel('gpt-4.1'));
    expect(colourOfModel('gemini-2.5-pro')).toBe(colourOfModel('gemini-3.1-pro-preview'));
    const families = ['gpt-5', 'o4-mini', 'claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5', 'gemini-2.5-pro'];
    expect(new Set(families.map(colourOfModel)).size).toBe(families.length);
  });

  it('of unknown families are always the same one, and a token that exists', () => {
    expect(colourOfModel('llama3.3')).toBe(colourOfModel('llama3.1:70b'));
    for (const model of ['llama3.3', 'qwen3-32b', 'mistral-large', 'x', ''])
      expect(colourOfModel(model)).toMatch(/^var\(--cf-other-[0-3]\)$/);
    expect(colourOfProvider('custom')).toBe('var(--cf-other-0)');
    expect(colourOfProvider('gemini')).toBe('var(--cf-gemini)');
  });
});
