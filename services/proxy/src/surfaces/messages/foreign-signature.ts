/**
 * Thinking of other providers in Anthropic's blocks. Clients send blocks back as they came: the mark tells them from
 * Anthropic's own, which only Anthropic can read, and carries the other provider's signature through a tool loop.
 */
const MARK = 'cloudfreedom:';

export function foreignSignature(signature: string): string {
  return MARK + signature;
}

/** @returns the other provider's signature, empty where it has none; null: the block is Anthropic's own */
export function readForeignSignature(signature: unknown): string | null {
  return typeof signature === 'string' && signature.startsWith(MARK) ? signature.slice(MARK.length) : null;
}
