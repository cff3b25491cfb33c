/** Servers that speak OpenAI's chat API, each with its own gaps: what the adapter wrote is put into what they take. */
import type { Inability } from '@cloudfreedom/contracts';
import { isObject, parseJson } from '../json.ts';
import type { UpstreamRequest } from '../provider.ts';

/**
 * Azure OpenAI has the deployment in the path and its version in the query. All others get `max_tokens`, the older name
 * of the cap, which every server obeys: a cap that is not obeyed would be money that nobody has promised.
 */
export function toCompatibleServer(
  request: UpstreamRequest,
  server: { upstreamModel: string; apiVersion: string; unsupported: readonly Inability[] },
): UpstreamRequest {
  const body = parseJson(request.body);
  if (!isObject(body)) return request;
  const { stream_options: streamOptions, max_completion_tokens: cap, ...kept } = body;
  const azure = server.apiVersion !== '';
  const withStreamOptions = streamOptions !== undefined && !server.unsupported.includes('stream_options');
  const translated = {
    ...kept,
    ...(cap === undefined ? {} : azure ? { max_completion_tokens: cap } : { max_tokens: cap }),
    ...(withStreamOptions ? { stream_options: streamOptions } : {}),
  };
  const path = azure
    ? `/openai/deployments/${encodeURIComponent(server.upstreamModel)}${request.path}?api-version=${encodeURIComponent(server.apiVersion)}`
    : request.path;
  return { ...request, path, body: JSON.stringify(translated) };
}
