import { countIn, isObject, type JsonObject, parseJson } from '../json.ts';
import type { ProviderAdapter } from '../provider.ts';

/** What the counting endpoint takes of a message request; it refuses every other field. */
const COUNTED = [
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'context_management',
  'mcp_servers',
];

/** @returns null where the body is no count */
export function readCount(body: string): number | null {
  const parsed = parseJson(body);
  return isObject(parsed) ? (countIn(parsed.input_tokens) ?? null) : null;
}

/** Anthropic counts a whole request, images, tools and its own instructions for them included. */
export const counting: NonNullable<ProviderAdapter['counting']> = {
  countOf(request) {
    const body = JSON.parse(request.body) as JsonObject;
    const counted = Object.fromEntries(COUNTED.flatMap((field) => (field in body ? [[field, body[field]]] : [])));
    return { ...request, path: '/v1/messages/count_tokens', body: JSON.stringify(counted) };
  },
  readCount,
};
