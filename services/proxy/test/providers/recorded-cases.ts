/** Loads cases of what providers send: our own, and the recorded ones where this checkout has them beside it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProviderName } from '@cloudfreedom/contracts';

export interface ExpectedCall {
  id?: string;
  name?: string;
  arguments?: unknown;
  arguments_raw?: string;
  arguments_incomplete?: boolean;
  has_signature?: boolean;
  type?: string;
  custom?: { name: string; input: string };
}

export interface ExpectedChoice {
  text?: string;
  tool_calls?: ExpectedCall[];
  finish_reason_openai?: string | null;
}

export interface ExpectedUsage {
  input_tokens: number;
  cached_input_tokens?: number;
  cache_write_tokens?: number;
  cache_write_1h_tokens?: number;
  audio_input_tokens?: number;
  output_tokens: number;
  reasoning_tokens?: number | null;
  tool_use_prompt_tokens?: number;
  server_tool_use?: { web_search_requests?: number };
}

interface Expected extends ExpectedChoice {
  status: number;
  /** Of embeddings: how many, how long, and how each begins. */
  count?: number;
  dimensions?: number;
  first3?: number[][];
  raw_usage?: Record<string, unknown> | null;
  choices?: ExpectedChoice[];
  refusal?: string;
  reasoning_text?: string;
  model?: string;
  /** Of the Responses API. */
  reasoning_summary?: string;
  other_blocks?: string[];
  stream?: { delta_text?: string; event_types?: string[] };
  signature_count?: number;
  redacted_thinking_blocks?: number;
  incomplete?: boolean;
  usage?: ExpectedUsage;
  error?: { message: string; [field: string]: unknown };
}

export interface RecordedCase {
  id: string;
  provider: ProviderName;
  endpoint: string;
  model: string;
  status: number;
  headers: Record<string, string>;
  expected: Expected;
  streamed: boolean;
  body: Buffer;
  splitPoints: number[];
  request: Record<string, unknown> | null;
}

/** What the chat adapters read. Everything else is another endpoint's. */
const CHAT_ENDPOINTS = ['chat', 'messages', 'generateContent', 'streamGenerateContent'];
export const isChat = (recorded: RecordedCase) => CHAT_ENDPOINTS.includes(recorded.endpoint);

const EMBEDDING_ENDPOINTS = ['embeddings', 'batchEmbedContents'];
export const isEmbedding = (recorded: RecordedCase) => EMBEDDING_ENDPOINTS.includes(recorded.endpoint);

export const isResponses = (recorded: RecordedCase) => recorded.endpoint === 'responses';

export const OWN_CASES = fileURLToPath(new URL('../fixtures/', import.meta.url));
export const SHARED_CASES = fileURLToPath(new URL('../../../../../shared/fixtures/recorded/', import.meta.url));

function loadCase(folder: string): RecordedCase {
  const meta = JSON.parse(readFileSync(`${folder}/meta.json`, 'utf8'));
  const file: string = meta.files.response;
  return {
    id: meta.id,
    provider: meta.provider,
    endpoint: meta.endpoint,
    model: meta.model ?? 'model',
    status: meta.response.status,
    headers: meta.response.headers ?? {},
    expected: meta.expected,
    streamed: file.endsWith('.sse') || meta.endpoint === 'streamGenerateContent',
    body: readFileSync(`${folder}/${file}`),
    splitPoints: meta.split_points ?? [],
    request: existsSync(`${folder}/request.json`) ? JSON.parse(readFileSync(`${folder}/request.json`, 'utf8')) : null,
  };
}

/** @returns null where the folder isn't there */
export function loadCases(root: string): RecordedCase[] | null {
  if (!existsSync(root)) return null;
  return ['openai', 'anthropic', 'gemini'].flatMap((provider) =>
    readdirSync(`${root}/${provider}`)
      .filter((name) => existsSync(`${root}/${provider}/${name}/meta.json`))
      .map((name) => loadCase(`${root}/${provider}/${name}`)),
  );
}

/** For the name of a suite that is skipped. */
export const SKIPPED = ' (skipped: ../shared/fixtures is not beside this checkout)';

/** The provider failed by a status, or by the first event of its stream: no byte has left, and the client gets a status. */
export function failsAtOnce({ status, expected }: RecordedCase): boolean {
  return status >= 400 || (expected.error !== undefined && expected.stream?.event_types?.join() === 'error');
}
