/** One colour per provider and per model family: the same in every chart, table and badge. Values are CSS, from the tokens. */

const FAMILIES: readonly [pattern: RegExp, token: string][] = [
  [/^o\d/, 'o'],
  [/^(gpt|chatgpt|codex)/, 'gpt'],
  [/^(text-embedding|davinci|whisper|tts|dall-e)/, 'openai-other'],
  [/^claude.*opus/, 'claude-opus'],
  [/^claude.*haiku/, 'claude-haiku'],
  [/^claude/, 'claude-sonnet'],
  [/^gemini.*pro/, 'gemini-pro'],
  [/^gemini.*flash/, 'gemini-flash'],
  [/^gemini/, 'gemini-other'],
];
const OTHERS = 4;

/** The same of four numbers for the same word, whatever else is shown beside it. */
function placeOf(word: string): number {
  let sum = 0;
  for (const letter of word) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % OTHERS;
}

/** Colour of a model by its public name; models of one family share it. */
export function colourOfModel(model: string): string {
  const name = model.toLowerCase();
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
  if (family) return `var(--cf-family-${family})`;
  return `var(--cf-other-${placeOf(name.split(/[-/:. \d]/)[0] ?? name)})`;
}

/** Colour of a provider by the name that rows carry; every model server of one's own shares one. */
export function colourOfProvider(provider: string): string {
  return ['openai', 'anthropic', 'gemini'].includes(provider) ? `var(--cf-${provider})` : 'var(--cf-other-0)';
}
