import { type Child, hasEnded } from './child.ts';
import { Fault } from './fault.ts';

const POLL_MS = 40;

/**
 * Wait until a URL answers 200.
 * @throws Fault with the service's last lines when it ends or the time is over
 */
export async function waitUntilOk(url: string, child: Child, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last = 'no answer';
  while (Date.now() < deadline) {
    if (hasEnded(child.process)) throw new Fault(describeDeath(child));
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      last = `${response.status} ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      last = String((error as Error).cause ?? error);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Fault(
    `${child.name} was not ready after ${timeoutMs / 1000} s (${last}).\n${child.lastLines().join('\n')}`,
  );
}

export function describeDeath(child: Child): string {
  const { exitCode, signalCode } = child.process;
  const how = signalCode ? `was ended by ${signalCode}` : `ended with code ${exitCode}`;
  const lines = child.lastLines();
  return `${child.name} ${how}.${lines.length > 0 ? ` Its last lines:\n  ${lines.join('\n  ')}` : ''}`;
}
