import { countIn, isObject, parseJson } from '../json.ts';
import type { ProviderAdapter } from '../provider.ts';

/** `/v1beta/models/<model>:<operation>` */
const PATH = /^\/v1beta\/(models\/[^:/]+):/;

/** Gemini counts a whole request, tools and instructions included. */
export const counting: NonNullable<ProviderAdapter['counting']> = {
  countOf(request) {
    const [, model = ''] = PATH.exec(request.path) ?? [];
    const generateContentRequest = { model: decodeURIComponent(model), ...JSON.parse(request.body) };
    return { ...request, path: `/v1beta/${model}:countTokens`, body: JSON.stringify({ generateContentRequest }) };
  },
  readCount(body) {
    const parsed = parseJson(body);
    return isObject(parsed) ? (countIn(parsed.totalTokens) ?? null) : null;
  },
};
