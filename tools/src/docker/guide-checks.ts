/** The addresses that docs/operations/checks.md asks, asked as they stand there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';
import { CORE_DOMAIN, TENANT_DOMAIN } from './names.ts';

const GUIDE = 'docs/operations/checks.md';
const TIMEOUT_MS = 10_000;
/** Traefik takes up a container within its next look at its health. */
const PATIENCE_MS = 30_000;
const POLL_MS = 500;

/** The guide's two lists: what answers 200, what must not answer. */
export function guideAddresses(): { answers: string[]; hidden: string[] } {
  const guide = readFileSync(path.join(ROOT, GUIDE), 'utf8').replaceAll('\\\n', ' ');
  const lists = [...guide.matchAll(/^for at in (.+?); do$/gm)].map(([, list = '']) =>
    list
      .split(/\s+/)
      .filter(Boolean)
      .map((at) => at.replace('acme.example', TENANT_DOMAIN).replace('example.com', CORE_DOMAIN)),
  );
  const [answers, hidden] = lists;
  if (!answers || !hidden || lists.length > 2) throw new Error(`${GUIDE} has two lists of addresses no more`);
  return { answers, hidden };
}

async function statusOf(at: string): Promise<number | string> {
  try {
    const response = await fetch(`https://${at}`, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}

async function statusesOnce(addresses: string[], wanted: number): Promise<string[]> {
  const asked = await Promise.all(addresses.map(async (at) => [at, await statusOf(at)] as const));
  return asked.filter(([, status]) => status !== wanted).map(([at, status]) => `${at}: ${status}, not ${wanted}`);
}

/** @returns how many were asked. @throws Fault naming what answers otherwise than the guide says */
export async function tryGuideChecks(): Promise<number> {
  const { answers, hidden } = guideAddresses();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const faults = await statusesOnce(answers, 200);
    if (faults.length === 0) break;
    if (Date.now() > deadline) throw new Fault(faults.join('\n'));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const faults = await statusesOnce(hidden, 404);
  if (faults.length > 0) throw new Fault(faults.join('\n'));
  return answers.length + hidden.length;
}
