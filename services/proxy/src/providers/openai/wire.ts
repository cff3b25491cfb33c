/** OpenAI's chat completions on the wire: the fields that the adapter itself sets; all others are the client's own. */
import type OpenAI from 'openai';

type Params = OpenAI.Chat.ChatCompletionCreateParams;

export interface UpstreamBody extends Record<string, unknown> {
  model: Params['model'];
  messages: unknown[];
  max_completion_tokens: NonNullable<Params['max_completion_tokens']>;
  stream_options?: NonNullable<Params['stream_options']>;
}
