/** The application that waits for this sign-in, and the way on to it. */
import { signInContinueResponse, signInDetails } from '@cloudfreedom/contracts';
import { z } from 'zod';

/** Of the page's own address. */
export const waitingUid = /^\/interaction\/([\w-]+)$/.exec(window.location.pathname)?.[1];

const refusal = z.object({ error: z.object({ message: z.string() }) });

async function ask<S extends z.ZodType>(schema: S, path: string, init: RequestInit = {}): Promise<z.output<S>> {
  const headers = { ...init.headers, 'accept-language': document.documentElement.lang };
  const response = await fetch(path, { ...init, headers });
  const body = await response.json().catch(() => null);
  if (response.ok) return schema.parse(body);
  const words = refusal.safeParse(body);
  throw new Error(words.success ? words.data.error.message : `HTTP ${response.status}`);
}

/** @throws Error in the person's language where none waits (any more) */
export async function readApplication(uid: string): Promise<string> {
  return (await ask(signInDetails, `/interaction/${uid}/details`)).application;
}

/** @returns where the browser goes on @throws Error in the person's language */
export async function continueTo(uid: string, session: string): Promise<string> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ session }) };
  return (await ask(signInContinueResponse, `/interaction/${uid}`, init)).returnTo;
}
