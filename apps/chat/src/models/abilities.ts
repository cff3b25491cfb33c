/** What a model can do, for those who choose it: nothing of it is known by its name. */
import type { ListedModel } from '@cloudfreedom/contracts';

export type Ability = 'images' | 'pdf' | 'thinking' | 'longTexts';

/** From so many tokens on a text is called long. */
const LONG_TOKENS = 100_000;
/** A page of text has about so many. */
const TOKENS_PER_PAGE = 700;

export function abilitiesOf(model: Pick<ListedModel, 'unsupported' | 'reasoning' | 'context_tokens'>): Ability[] {
  const abilities: Record<Ability, boolean> = {
    images: !model.unsupported.includes('images'),
    pdf: !model.unsupported.includes('files'),
    thinking: model.reasoning !== 'none',
    longTexts: model.context_tokens >= LONG_TOKENS,
  };
  return (Object.keys(abilities) as Ability[]).filter((ability) => abilities[ability]);
}

/** About how many pages go into one conversation, in two digits that count. */
export function pagesOf(contextTokens: number): number {
  return Number((contextTokens / TOKENS_PER_PAGE).toPrecision(2));
}

/** One's own language first, then the others as the record has them. */
export function languagesFor(model: Pick<ListedModel, 'languages'>, own: string): string[] {
  return [...model.languages].sort((a, b) => Number(b === own) - Number(a === own));
}
