/** What must never be in a file that every visitor downloads. */
const PATTERNS: Record<string, RegExp> = {
  'an API key or service token of ours': /\bcfs?-[A-Za-z0-9_-]{24,}/g,
  'a key of OpenAI or Anthropic': /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{24,}/g,
  'a key of Google': /\bAIza[A-Za-z0-9_-]{30,}/g,
  'a key of a cloud or a code host': /\b(AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{18,})/g,
  'a signed token': /\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
  'an address with a password': /\b[a-z][a-z0-9+.-]{2,12}:\/\/[^\s"'`/:@${}]*:[^\s"'`/@${}]{3,}@/g,
  'a private address':
    /\b(?:https?:\/\/(?:localhost:\d+|127\.\d+\.\d+\.\d+)|(?:https?:\/\/)(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+)\b/g,
  'a secret with its name':
    /\b(?:password|passwd|secret|api_?key|client_?secret|private_?key)["']?\s*[:=]\s*["'`][A-Za-z0-9+/_=-]{20,}["'`]/gi,
  'a sign-in of the demo': /\b[a-z.]+@(?:demo|cloudfreedom)\.example\b/g,
};

/**
 * @param known values that are secret here: of the environment, of the demo, paths of this machine; by what they are
 * @returns each finding as "what: where it begins", the text itself cut short
 */
export function findSecrets(text: string, known: Record<string, string>): string[] {
  const byPattern = Object.entries(PATTERNS).flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map(([found]) => `${what}: ${found.slice(0, 12)}…`),
  );
  const byValue = Object.entries(known)
    .filter(([, value]) => text.includes(value))
    .map(([what]) => `the value of ${what}`);
  return [...byPattern, ...byValue];
}
