import { countIn, isObject, parseJson } from '../json.ts';
import type { ProviderAdapter } from '../provider.ts';
import { buildRequest, pathOf } from './request.ts';

/** Gemini counts a whole request, tools and instructions included. */
export const counting: NonNullable<ProviderAdapter['counting']> = {
  buildRequest(call) {
    const { upstreamModel } = call;
    const built = buildRequest({ ...call, outputTokensCap: 1 });
    if ('unsupported' in built) return built;
    const model = `models/${upstreamModel.replace(/^models\//, '')}`;
    const generateContentRequest = { model, ...JSON.parse(built.body) };
    const body = JSON.stringify({ generateContentRequest });
    return { ...built, path: pathOf(upstreamModel, 'countTokens'), body };
  },
  readCount(body) {
    const parsed = parseJson(body);
    return isObject(parsed) ? (countIn(parsed.totalTokens) ?? null) : null;
  },
};
