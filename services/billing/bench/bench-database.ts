/** Billing's database on a Postgres of its own that syncs to disk, as the benchmarks need it, and what they say about it. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { createLogger, createPool, type Pool } from '@cloudfreedom/service-kit';
import { startPostgres } from '@cloudfreedom/testkit';
import { prepareDatabase } from '../src/database/prepare.ts';

export interface BenchDatabase {
  /** As the service has it: its role, queries sent at once. */
  service: Pool;
  /** Of the owner of the tables: may fill them. */
  owner: Pool;
  /** CPU time of all processes of Postgres since its start, microseconds; NaN where there is no /proc. */
  cpuMicros(): number;
  stop(): Promise<void>;
}

/** Ticks per second of /proc: 100 on every Linux that Node runs on. */
const MICROS_PER_TICK = 10_000;

/** utime and stime, and those of children that have ended, of a process and its children. */
function cpuMicrosBelow(pid: number): number {
  let ticks = 0;
  try {
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const stat = readStat(name);
      if (!stat || (Number(name) !== pid && stat[1] !== String(pid))) continue;
      const own = Number(stat[11]) + Number(stat[12]);
      ticks += Number(name) === pid ? own + Number(stat[13]) + Number(stat[14]) : own;
    }
  } catch {
    return Number.NaN;
  }
  return ticks * MICROS_PER_TICK;
}

/** The fields after the name of the process: state, parent, … */
function readStat(pid: string): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
  } catch {
    return undefined;
  }
}

export async function startBenchDatabase(): Promise<BenchDatabase> {
  const postgres = await startPostgres();
  const ownerUrl = await postgres.createDatabase('bench');
  const url = new URL(ownerUrl);
  url.username = 'billing_service';
  url.password = 'bench';
  const serviceUrl = url.href;
  await prepareDatabase({ ownerUrl, serviceUrl, eurPerUsd: '0.86', logger: createLogger('bench', 'silent') });
  const service = createPool(serviceUrl, { max: 4, applicationName: 'bench', pipeline: true });
  const owner = createPool(ownerUrl, { max: 1, applicationName: 'bench-owner' });
  return {
    service,
    owner,
    cpuMicros: () => cpuMicrosBelow(postgres.pid),
    stop: async () => {
      await Promise.all([service.end(), owner.end()]);
      await postgres.stop();
    },
  };
}

/** One sentence: processors, memory, versions, and that commits are on disk. */
export async function describeMachine(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ fsync: string; commit: string; version: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('server_version') AS version`,
  );
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const load = os.loadavg()[0]?.toFixed(1);
  return `Machine: ${os.cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${os.platform()}, load ${load} at the end; Node ${process.versions.node}; Postgres ${rows[0]?.version} with fsync ${rows[0]?.fsync}, synchronous_commit ${rows[0]?.commit}, on the same machine.`;
}
