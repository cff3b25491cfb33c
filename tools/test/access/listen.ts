/** A subscription as a role: does it hear of a change? */
import type { Role } from './access-table.ts';
import { send } from './ask.ts';
import type { Cast } from './cast.ts';

const HEARD_WITHIN_MS = 400;

/** @returns 200 where the change was heard, `empty` where nothing came, else the status of the refused subscription */
export async function listen(cast: Cast, role: Role, topic: string, change: () => Promise<unknown>): Promise<string> {
  const abort = new AbortController();
  const stream = await fetch(`${cast.url}/api/realtime`, { signal: abort.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  try {
    await until(() => text.includes('PB_CONNECT'), 5_000);
    const clientId = /"clientId":"([^"]+)"/.exec(text)?.[1];
    const body = { clientId, subscriptions: [topic] };
    const { status } = await send('POST', `${cast.url}/api/realtime`, cast.bearers[role], body);
    if (status !== 204) return String(status);
    await change();
    return (await until(() => text.includes(`event:${topic}`), HEARD_WITHIN_MS)) ? '200' : 'empty';
  } finally {
    abort.abort();
    await reading;
  }
}

async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return condition();
}
