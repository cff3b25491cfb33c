/** CPU time and memory of a process and everything below it, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for every program. */
const MICROS_PER_TICK = 10_000;
const BYTES_PER_KIB = 1024;

/** Fields behind the name of the program, which may hold spaces: index 0 is the state. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function treeOf(root: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(statOf(Number(name))?.[1]) : Number.NaN;
    if (!Number.isNaN(parent)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(childrenOf.get(pid) ?? []));
  return found;
}

/** User and system time since the processes began, microseconds, to the hundredth of a second. */
export function cpuMicrosOf(root: number): number {
  const ticks = treeOf(root).map((pid) => {
    const stat = statOf(pid);
    // User and system time, own and of children that have ended.
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(stat?.[index] ?? 0), 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * MICROS_PER_TICK;
}

/** What the processes hold in memory now. */
export function residentBytesOf(root: number): number {
  const kib = treeOf(root).map((pid) => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kib.reduce((sum, each) => sum + each, 0) * BYTES_PER_KIB;
}
