/** Words of OpenTelemetry's conventions for generative AI. */

export const OPERATIONS = { chat: 'chat', embedding: 'embeddings' } as const;

export function providerName(provider: string): string {
  return provider === 'gemini' ? 'gcp.gemini' : provider;
}
