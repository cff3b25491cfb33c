/** What is counted, and what a price is for. */
import { z } from 'zod';

/** What goes in, each token counted by one of them: the sum is the whole input. `cache_write` lives five minutes. */
export const INPUT_METERS = ['uncached_input', 'cache_read', 'cache_write', 'cache_write_1h', 'input_audio'] as const;
/** What comes out, each token counted by one of them. */
export const OUTPUT_METERS = ['output_text', 'reasoning', 'output_audio', 'output_image'] as const;
/** Tokens, but for the last: a server tool's calls that have a fee each (a web search). */
export const METERS = [...INPUT_METERS, ...OUTPUT_METERS, 'server_tool_call'] as const;
export const meter = z.enum(METERS);
export type Meter = z.infer<typeof meter>;
