/** Sends an answer at the speed that was asked for, and breaks it where it was asked to break. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knobs } from './knobs.ts';
import type { Frame } from './wire-format.ts';

export interface Playback {
  response: ServerResponse;
  knobs: Knobs;
  /** The client has gone or the server closes: ends every wait. */
  gone: AbortSignal;
  /** Breaks the connection, as a cut in the network would. */
  cut(): void;
  /** Called with the output tokens that have been produced so far. */
  onProgress(tokens: number): void;
}

const WRITE_CHARACTERS = 16_384;

class ClientGone extends Error {}

async function waitUntil(dueMs: number, gone: AbortSignal): Promise<void> {
  const leftMs = dueMs - performance.now();
  if (leftMs >= 1) await sleep(leftMs, undefined, { signal: gone }).catch(() => {});
  if (gone.aborted) throw new ClientGone();
}

async function hang(gone: AbortSignal): Promise<never> {
  if (!gone.aborted) await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
  throw new ClientGone();
}

async function write(playback: Playback, text: string): Promise<void> {
  if (text === '' || playback.response.write(text)) return;
  await new Promise<void>((resolve) => {
    playback.response.once('drain', resolve);
    playback.gone.addEventListener('abort', () => resolve(), { once: true });
  });
  if (playback.gone.aborted) throw new ClientGone();
}

/** @returns when a frame may leave that brings the output to `tokens`, in ms of `performance.now` */
function schedule(startMs: number, knobs: Knobs, tokens: number): number {
  return startMs + (knobs.tokens_per_second > 0 ? (tokens * 1000) / knobs.tokens_per_second : 0);
}

/** Does the answer break somewhere? Then frames carry one token each, so that the place is exact. */
export function breaks(knobs: Knobs): boolean {
  return [knobs.cut_after_tokens, knobs.hang_after_tokens, knobs.error_after_tokens].some((at) => at !== undefined);
}

/** @returns true when the answer broke off here and nothing may follow */
async function breakOff(
  playback: Playback,
  reached: (at: number | undefined) => boolean,
  rest: string,
  streamError: string,
) {
  const { response, knobs, gone } = playback;
  if (reached(knobs.cut_after_tokens)) {
    await write(playback, rest);
    await flushed(response);
    playback.cut();
    return true;
  }
  if (reached(knobs.error_after_tokens)) {
    response.end(rest + streamError);
    return true;
  }
  if (reached(knobs.hang_after_tokens)) {
    await write(playback, rest);
    await hang(gone);
  }
  return false;
}

async function playFrames(playback: Playback, frames: Frame[], streamError: string): Promise<void> {
  const { response, knobs, gone } = playback;
  const startMs = performance.now();
  let tokens = 0;
  let waiting = '';
  for (const frame of frames) {
    // What comes before the first token always goes out.
    const begun = tokens > 0 || frame.tokens > 0;
    const reached = (at: number | undefined) => begun && at !== undefined && tokens >= at;
    if (await breakOff(playback, reached, waiting, streamError)) return;
    tokens += frame.tokens;
    const dueMs = schedule(startMs, knobs, tokens);
    // What is due at the same moment travels in one write, a large answer in several.
    if (dueMs > performance.now() || waiting.length > WRITE_CHARACTERS) {
      await write(playback, waiting);
      waiting = '';
    }
    await waitUntil(dueMs, gone);
    waiting += frame.text;
    playback.onProgress(tokens);
  }
  response.end(waiting);
}

/** Lets what was written reach the network before the connection is broken. */
async function flushed(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    if (response.socket?.writableLength) response.socket.once('drain', () => resolve());
    setImmediate(resolve);
  });
}

async function firstByte({ knobs, gone }: Playback): Promise<void> {
  if (knobs.hang_after_tokens === 0) await hang(gone);
  await waitUntil(performance.now() + knobs.first_byte_ms, gone);
}

async function quietly(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof ClientGone)) throw error;
  });
}

export function playStream(
  playback: Playback,
  answer: { headers: Record<string, string>; frames: Frame[]; streamError: string },
): Promise<void> {
  return quietly(
    (async () => {
      await firstByte(playback);
      playback.response.writeHead(200, answer.headers);
      playback.response.flushHeaders();
      await playFrames(playback, answer.frames, answer.streamError);
    })(),
  );
}

/** The whole body after the time that its tokens take. Cut: half a body. Hang: nothing at all. */
export function playAnswer(
  playback: Playback,
  answer: { headers: Record<string, string>; body: string; outputTokens: number },
): Promise<void> {
  const { response, knobs, gone } = playback;
  return quietly(
    (async () => {
      await firstByte(playback);
      if (knobs.hang_after_tokens !== undefined) await hang(gone);
      await waitUntil(schedule(performance.now(), knobs, answer.outputTokens), gone);
      playback.onProgress(answer.outputTokens);
      const body = Buffer.from(answer.body);
      response.writeHead(200, { ...answer.headers, 'content-length': body.length });
      if (knobs.cut_after_tokens === undefined) {
        response.end(body);
        return;
      }
      response.write(body.subarray(0, Math.floor(body.length / 2)));
      await flushed(response);
      playback.cut();
    })(),
  );
}
