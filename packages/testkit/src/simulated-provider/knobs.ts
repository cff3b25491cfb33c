/**
 * What a request may be told to go like: `x-simulate: tokens_per_second=20; status=429` in a header, or
 * `[[simulate tokens_per_second=20 status=429]]` in the last user message, which also gets through a proxy.
 */
import { z } from 'zod';

const count = z.coerce.number().int().min(0).max(10_000_000);

export const knobsSchema = z.strictObject({
  first_byte_ms: count.max(600_000).meta({ description: 'wait before the first byte, milliseconds' }),
  tokens_per_second: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .meta({ description: 'speed of the output, reasoning included; 0: at once' }),
  length: count.max(200_000).optional().meta({ description: 'answer length in tokens, before any output cap' }),
  input_tokens: count.optional().meta({ description: 'reported input, cache reads and writes included' }),
  output_tokens: count.optional().meta({ description: 'reported output, reasoning included, whatever was sent' }),
  cached_tokens: count.optional().meta({ description: 'part of the input that was read from a cache' }),
  cache_write_tokens: count.optional().meta({ description: 'part of the input that was written to a cache' }),
  reasoning_tokens: count.optional().meta({ description: 'thought before the answer; counts towards the output cap' }),
  tool_calls: count.max(20).optional().meta({ description: 'calls of the offered tools; 0: none, whatever is asked' }),
  status: z.coerce.number().int().min(400).max(599).optional().meta({ description: 'answer with this error' }),
  fails_model: z.string().optional().meta({ description: 'errors and breaks only where this upstream model is asked' }),
  retry_after_s: count.optional().meta({ description: 'what an error with status 429 tells, seconds' }),
  error_after_tokens: count.optional().meta({ description: "the provider's error inside the stream" }),
  cut_after_tokens: count.optional().meta({ description: 'the connection breaks after so many output tokens' }),
  hang_after_tokens: count
    .optional()
    .meta({ description: 'nothing more comes, connection open; 0: not even the status line' }),
});
export type Knobs = z.infer<typeof knobsSchema>;
export const KNOB_NAMES = Object.keys(knobsSchema.shape) as (keyof Knobs)[];

const PROMPT_DIRECTIVE = /\[\[simulate\b([^\]]{0,1000})\]\]/i;

/** What is wrong with a knob, in words for whoever set it. */
export interface KnobFault {
  knob: string;
  message: string;
}

function readSettings(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const setting of text.split(/[;\s]+/).filter(Boolean)) {
    const [name = '', ...value] = setting.split('=');
    settings[name] = value.join('=');
  }
  return settings;
}

/** Takes the directive out of a prompt. */
export function splitDirective(prompt: string): { directive: string; rest: string } {
  const match = PROMPT_DIRECTIVE.exec(prompt);
  if (!match) return { directive: '', rest: prompt };
  return { directive: match[1] ?? '', rest: prompt.replace(match[0], '').trim() };
}

/** Defaults, then the header, then the prompt's directive. An unknown knob or a bad value is a fault. */
export function readKnobs(defaults: Knobs, header: string, directive: string): Knobs | { fault: KnobFault } {
  const settings = { ...readSettings(header), ...readSettings(directive) };
  const parsed = knobsSchema.partial().safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue?.code === 'unrecognized_keys') {
      const knob = issue.keys[0] ?? '';
      return { fault: { knob, message: `Unknown knob: '${knob}'. There are: ${KNOB_NAMES.join(', ')}.` } };
    }
    const knob = String(issue?.path[0] ?? '');
    return { fault: { knob, message: `Invalid value for knob '${knob}': ${issue?.message ?? 'not valid'}.` } };
  }
  const empty = Object.entries(settings).find(([, value]) => value === '');
  if (empty) return { fault: { knob: empty[0], message: `Knob '${empty[0]}' has no value: write ${empty[0]}=1.` } };
  return checkUsage({ ...defaults, ...(parsed.data as Partial<Knobs>) });
}

function checkUsage(knobs: Knobs): Knobs | { fault: KnobFault } {
  const cached = (knobs.cached_tokens ?? 0) + (knobs.cache_write_tokens ?? 0);
  if (knobs.input_tokens !== undefined && knobs.input_tokens < cached)
    return { fault: { knob: 'input_tokens', message: 'input_tokens includes cached_tokens and cache_write_tokens.' } };
  if (knobs.output_tokens !== undefined && knobs.output_tokens < (knobs.reasoning_tokens ?? 0))
    return { fault: { knob: 'output_tokens', message: 'output_tokens includes reasoning_tokens.' } };
  return knobs;
}
