/** A Redis of the tenant's own, behind a password; its settings come by standard input, where nobody else reads them. */
import { spawn, spawnSync } from 'node:child_process';
import { type Child, OutputKeeper, stopProcess } from '../stack/child.ts';

/** null where none is installed. */
function redisBinary(environment: NodeJS.ProcessEnv): string | null {
  const binary = environment.REDIS_SERVER_BIN || 'redis-server';
  return spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0 ? binary : null;
}

export function startRedis(port: number, password: string, logFolder: string): Child | null {
  const binary = redisBinary(process.env);
  if (binary === null) return null;
  const output = new OutputKeeper(logFolder, 'redis');
  const child = spawn(binary, ['-'], { cwd: logFolder, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  // Rate limits only: what is lost with it is a minute's count.
  const settings = [`port ${port}`, 'bind 127.0.0.1', `requirepass ${password}`, 'save ""', 'appendonly no'];
  child.stdin.end(`${settings.join('\n')}\n`);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.take(chunk.toString()));
  return {
    name: 'redis',
    pid: child.pid ?? 0,
    process: child,
    lastLines: () => output.lines(),
    stop: (graceMs) => stopProcess(child, graceMs),
  };
}
