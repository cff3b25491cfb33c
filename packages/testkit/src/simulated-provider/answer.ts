/** From prompt and knobs to the whole answer, before it has any provider's form. Pure: the same in, the same out. */
import { writeAnswerText, writeThought } from './answer-text.ts';
import { jsonAnswer } from './json-answer.ts';
import { type Knobs, splitDirective } from './knobs.ts';
import type { OfferedTool, Prompt } from './prompt.ts';
import { countTokens, splitTokens } from './tokens.ts';

interface ToolCall {
  name: string;
  /** JSON in tokens; not complete when the output cap cut it. */
  argumentPieces: string[];
  complete: boolean;
}

type Finish = 'stop' | 'length' | 'tool_calls' | 'stop_sequence';

export interface Choice {
  /** In tokens; shown only where the request asked to see it. */
  reasoningPieces: string[];
  textPieces: string[];
  toolCalls: ToolCall[];
  finish: Finish;
  stopSequence: string | null;
  /** Everything that was produced, reasoning included. */
  outputTokens: number;
}

/** Input includes cache reads and writes, output includes reasoning; each provider's form takes them apart its own way. */
interface UsageNumbers {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

export interface Answer {
  choices: Choice[];
  usage: UsageNumbers;
}

const REASONING_TOKENS_DEFAULT = 32;
const ASKS_FOR_TOOL = /\b(tools?|functions?|werkzeuge?|funktion(en)?)\b/i;
const NAME_WORDS_TOO_COMMON = new Set(['get', 'find', 'make', 'list', 'search', 'read', 'from', 'with', 'current']);

function wordsOfName(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length >= 4 && !NAME_WORDS_TOO_COMMON.has(word));
}

/** The tools to call: what the knob or the request's choice says, else the one whose name the prompt touches. */
function chooseTools(prompt: Prompt, text: string, wanted: number | undefined): OfferedTool[] {
  const [first] = prompt.tools;
  if (!first || prompt.toolChoice === 'none' || wanted === 0) return [];
  const choice = prompt.toolChoice;
  const pool = typeof choice === 'object' ? prompt.tools.filter((tool) => tool.name === choice.name) : prompt.tools;
  if (wanted !== undefined)
    return Array.from({ length: wanted }, (_, index) => pool[index % pool.length]).filter((tool) => tool !== undefined);
  if (typeof choice === 'object') return pool.slice(0, 1);
  if (prompt.toolResult !== null) return [];
  const lower = text.toLowerCase();
  const touched = pool.filter(
    (tool) => lower.includes(tool.name.toLowerCase()) || wordsOfName(tool.name).some((word) => lower.includes(word)),
  );
  if (touched.length > 0) return touched.slice(0, 1);
  return choice === 'required' || ASKS_FOR_TOOL.test(text) ? [first] : [];
}

function cutAtStop(text: string, stopSequences: string[]): { text: string; stopSequence: string | null } {
  let end = text.length;
  let found: string | null = null;
  for (const sequence of stopSequences) {
    const position = sequence === '' ? -1 : text.indexOf(sequence);
    if (position === -1 || position >= end) continue;
    end = position;
    found = sequence;
  }
  return { text: text.slice(0, end), stopSequence: found };
}

/** Takes from a purse of tokens; what doesn't fit is cut off. */
function createPurse(cap: number | null) {
  let left = cap ?? Number.POSITIVE_INFINITY;
  let cut = false;
  return {
    take<T>(pieces: T[]): T[] {
      if (pieces.length > left) cut = true;
      const taken = pieces.slice(0, left);
      left -= taken.length;
      return taken;
    },
    /** All or nothing. */
    fits(tokens: number): boolean {
      if (tokens > left) {
        cut = true;
        return false;
      }
      left -= tokens;
      return true;
    },
    get cut() {
      return cut;
    },
  };
}

function composeChoice(prompt: Prompt, text: string, knobs: Knobs): Choice {
  const purse = createPurse(prompt.outputTokensCap);
  const reasoningTokens = knobs.reasoning_tokens ?? (prompt.reasoning === 'none' ? 0 : REASONING_TOKENS_DEFAULT);
  const reasoningPieces = purse.take(splitTokens(writeThought(text, reasoningTokens)));
  const tools = chooseTools(prompt, text, knobs.tool_calls);
  const toolCalls: ToolCall[] = [];
  let outputTokens = reasoningPieces.length;
  for (const tool of tools) {
    const nameTokens = countTokens(tool.name);
    if (purse.cut || !purse.fits(nameTokens)) break;
    const pieces = splitTokens(JSON.stringify(jsonAnswer(tool.parameters ?? {}, text)));
    const argumentPieces = purse.take(pieces);
    outputTokens += nameTokens + argumentPieces.length;
    toolCalls.push({ name: tool.name, argumentPieces, complete: argumentPieces.length === pieces.length });
  }
  const words =
    tools.length > 0
      ? { text: '', stopSequence: null }
      : prompt.json
        ? { text: JSON.stringify(jsonAnswer(prompt.json.schema, text)), stopSequence: null }
        : cutAtStop(
            writeAnswerText(text, { model: prompt.model, toolResult: prompt.toolResult, lengthTokens: knobs.length }),
            prompt.stopSequences,
          );
  const textPieces = purse.take(splitTokens(words.text));
  outputTokens += textPieces.length;
  let finish: Finish = words.stopSequence === null ? 'stop' : 'stop_sequence';
  if (purse.cut) finish = 'length';
  else if (toolCalls.length > 0) finish = 'tool_calls';
  return {
    reasoningPieces,
    textPieces,
    toolCalls,
    finish,
    stopSequence: finish === 'stop_sequence' ? words.stopSequence : null,
    outputTokens,
  };
}

export function composeAnswer(prompt: Prompt, knobs: Knobs): Answer {
  const text = splitDirective(prompt.text).rest;
  const choice = composeChoice(prompt, text, knobs);
  const cacheRead = knobs.cached_tokens ?? 0;
  const cacheWrite = knobs.cache_write_tokens ?? 0;
  const output = knobs.output_tokens ?? choice.outputTokens * prompt.choices;
  return {
    choices: Array.from({ length: prompt.choices }, () => choice),
    usage: {
      input: knobs.input_tokens ?? Math.max(prompt.inputTokens, cacheRead + cacheWrite),
      cacheRead,
      cacheWrite,
      output,
      reasoning: Math.min(output, choice.reasoningPieces.length * prompt.choices),
    },
  };
}
