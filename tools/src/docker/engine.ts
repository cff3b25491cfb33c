/** Docker and Compose of this machine. */
import { canRun, plainEnvironment, run } from './command.ts';

export interface Engine {
  /** @returns what it wrote. @throws Fault */
  docker(...args: string[]): Promise<string>;
  /** The words before a command of Compose. */
  composeWords: string[];
  /** In a folder with docker-compose.yml. @throws Fault */
  compose(folder: string, envFile: string, ...args: string[]): Promise<string>;
}

/** @returns the engine, or the reason why there is none */
export async function findEngine(): Promise<Engine | { missing: string }> {
  if (!(await canRun('docker', ['--version'])))
    return { missing: 'there is no `docker` on this machine (Debian: apt-get install docker.io docker-compose)' };
  if (!(await canRun('docker', ['info', '--format', '{{.ServerVersion}}'])))
    return { missing: 'the Docker engine does not answer (docker info): start it, or set DOCKER_HOST' };
  const found = [['docker', 'compose'], ['docker-compose']];
  const works = await Promise.all(found.map(([program = '', ...words]) => canRun(program, [...words, 'version'])));
  const composeWords = found.find((_, index) => works[index]);
  if (!composeWords) return { missing: 'neither `docker compose` nor `docker-compose` is there' };
  const [program = '', ...words] = composeWords;
  const env = plainEnvironment();
  return {
    composeWords,
    docker: (...args) => run('docker', args, { env }),
    compose: (cwd, envFile, ...args) => run(program, [...words, '--env-file', envFile, ...args], { cwd, env }),
  };
}

/** What the trial looks at in a container. */
export interface Container {
  id: string;
  service: string;
  image: string;
  user: string;
  readOnly: boolean;
  running: boolean;
  /** null: the image has no check. */
  health: string | null;
}

interface Inspected {
  Id: string;
  Image: string;
  Config: { Image: string; User: string; Labels: Record<string, string> };
  HostConfig: { ReadonlyRootfs: boolean };
  State: { Running: boolean; Health?: { Status: string } };
}

/** Of a project of Compose. */
export async function containersOf(engine: Engine, project: string): Promise<Container[]> {
  const ids = await engine.docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`);
  const list = ids.split('\n').filter(Boolean);
  if (list.length === 0) return [];
  const inspected = JSON.parse(await engine.docker('inspect', ...list)) as Inspected[];
  return inspected.map(({ Id, Config, HostConfig, State }) => ({
    id: Id,
    service: Config.Labels['com.docker.compose.service'] ?? '',
    image: Config.Image,
    user: Config.User,
    readOnly: HostConfig.ReadonlyRootfs,
    running: State.Running,
    health: State.Health?.Status ?? null,
  }));
}
