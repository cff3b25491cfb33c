/** A tokenizer that everybody can do in their head: four characters (code points) are one token. */
const CHARACTERS_PER_TOKEN = 4;

export function countTokens(text: string): number {
  let characters = 0;
  for (const _character of text) characters++;
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** The text in tokens; joined they are the text again, and no character is cut in two. */
export function splitTokens(text: string): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += CHARACTERS_PER_TOKEN)
    pieces.push(characters.slice(start, start + CHARACTERS_PER_TOKEN).join(''));
  return pieces;
}
