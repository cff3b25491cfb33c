/** Compose projects up, until every container is well, and down without a rest. */
import { Fault } from '../stack/fault.ts';
import { containersOf, type Engine } from './engine.ts';

export interface Project {
  name: string;
  /** Where its docker-compose.yml lies. */
  folder: string;
  envFile: string;
}

const HEALTHY_MS = 5 * 60_000;
const POLL_MS = 1000;
const LOG_LINES = '25';

/** @throws Fault with the last lines of what isn't well after five minutes */
async function waitUntilHealthy(engine: Engine, project: string): Promise<void> {
  const deadline = Date.now() + HEALTHY_MS;
  for (;;) {
    const containers = await containersOf(engine, project);
    const ill = containers.filter(({ running, health }) => !running || (health !== null && health !== 'healthy'));
    if (containers.length > 0 && ill.length === 0) return;
    if (Date.now() > deadline) {
      const said = await Promise.all(ill.map(({ id }) => engine.docker('logs', '--tail', LOG_LINES, id)));
      const lines = ill.map(
        ({ service, running, health }, index) => `${service} (${running ? health : 'ended'}): ${said[index]}`,
      );
      throw new Fault(`Not healthy after ${HEALTHY_MS / 60_000} minutes:\n${lines.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export async function bringUp(engine: Engine, { name, folder, envFile }: Project): Promise<void> {
  await engine.compose(folder, envFile, 'up', '-d');
  await waitUntilHealthy(engine, name);
}

/** Whatever carries the project's label, whoever began it and however it ended. */
export async function takeDown(engine: Engine, project: string): Promise<void> {
  const label = `label=com.docker.compose.project=${project}`;
  const list = async (...args: string[]) => (await engine.docker(...args)).split('\n').filter(Boolean);
  const containers = await list('ps', '-aq', '--filter', label);
  if (containers.length > 0) await engine.docker('rm', '-f', '-v', ...containers);
  const volumes = await list('volume', 'ls', '-q', '--filter', label);
  if (volumes.length > 0) await engine.docker('volume', 'rm', ...volumes);
  const networks = await list('network', 'ls', '-q', '--filter', label);
  if (networks.length > 0) await engine.docker('network', 'rm', ...networks);
}
