/**
 * What another provider than OpenAI wants back of its reasoning, put where a client of the Responses API carries it
 * unread: `encrypted_content`. Nothing is secret in it, it came from the client's own answer; the signatures inside are
 * checked by the provider that made them.
 */
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../../providers/json.ts';

const PREFIX = 'cf1.';

export interface SealedReasoning {
  thinkingBlocks: JsonObject[];
  /** Gemini's signatures, by the id of the call that they belong to. */
  callSignatures: Record<string, string>;
}

export function seal(sealed: SealedReasoning): string {
  return PREFIX + Buffer.from(JSON.stringify(sealed)).toString('base64url');
}

/** @returns null for what somebody else encrypted */
export function unseal(text: string | null | undefined): SealedReasoning | null {
  if (!text?.startsWith(PREFIX)) return null;
  const parsed = parseJson(Buffer.from(text.slice(PREFIX.length), 'base64url').toString('utf8'));
  if (!isObject(parsed)) return null;
  const signatures = Object.entries(isObject(parsed.callSignatures) ? parsed.callSignatures : {});
  return {
    thinkingBlocks: objectsIn(parsed.thinkingBlocks),
    callSignatures: Object.fromEntries(signatures.map(([id, signature]) => [id, textIn(signature)])),
  };
}
