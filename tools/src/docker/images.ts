/** Our images: built, and looked at once they run. */
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';
import type { Bases } from './bases.ts';
import { REGISTRY, VERSION } from './deployment.ts';
import { type Container, containersOf, type Engine } from './engine.ts';

const SERVICES = ['billing', 'identity', 'proxy', 'conversations', 'simulator'];
const APPS = ['admin', 'chat'];
const USER = '10001';

interface Build {
  image: string;
  args: string[];
}

function builds(bases: Bases): Build[] {
  const build = (name: string, file: string, values: Record<string, string>) => ({
    image: `${REGISTRY}/${name}:${VERSION}`,
    args: [
      '-f',
      path.join(ROOT, 'images', `${file}.Dockerfile`),
      ...Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ],
  });
  const on = (buildImage: string, runtimeImage: string) => ({ BUILD_IMAGE: buildImage, RUNTIME_IMAGE: runtimeImage });
  return [
    build('pocketbase', 'pocketbase', on(bases.goBuild, bases.static)),
    ...SERVICES.map((name) => build(name, 'service', { SERVICE: name, ...on(bases.nodeBuild, bases.nodeRuntime) })),
    ...APPS.map((name) => build(name, 'app', { APP: name, ...on(bases.nodeBuild, bases.nginx) })),
  ];
}

const megabytes = (bytes: string) => `${Math.round(Number(bytes) / 1e6)} MB`;

export async function buildImages(engine: Engine, bases: Bases, report: (line: string) => void): Promise<void> {
  for (const { image, args } of builds(bases)) {
    const startedAt = Date.now();
    await engine.docker('build', '-q', '-t', image, ...args, ROOT);
    const size = await engine.docker('image', 'inspect', '--format', '{{.Size}}', image);
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    report(`  ✓ ${image.padEnd(44)} ${megabytes(size.trim()).padStart(7)}  built in ${seconds} s`);
  }
}

/** The same images under another version, as a release would bring them. */
export async function nameVersion(engine: Engine, version: string): Promise<void> {
  const names = await engine.docker('image', 'ls', '--format', '{{.Repository}}', `${REGISTRY}/*:${VERSION}`);
  for (const name of names.split('\n').filter(Boolean))
    await engine.docker('tag', `${name}:${VERSION}`, `${name}:${version}`);
}

export async function removeImages(engine: Engine): Promise<void> {
  const names = await engine.docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', `${REGISTRY}/*`);
  const list = names.split('\n').filter(Boolean);
  if (list.length > 0) await engine.docker('image', 'rm', '-f', ...list);
}

/** Users of the processes in it, as the machine sees them. */
async function usersIn(engine: Engine, { id }: Container): Promise<string[]> {
  const lines = (await engine.docker('top', id, '-eo', 'uid,pid')).trim().split('\n').slice(1);
  return [...new Set(lines.map((line) => line.trim().split(/\s+/)[0] ?? ''))];
}

/** @throws Fault naming what an image doesn't keep */
export async function checkContainers(engine: Engine, project: string): Promise<string[]> {
  const own = (await containersOf(engine, project)).filter(({ image }) => image.startsWith(`${REGISTRY}/`));
  const faults: string[] = [];
  for (const container of own) {
    const users = await usersIn(engine, container);
    if (users.join() !== USER) faults.push(`${container.service} runs as ${users.join(', ')}, not as ${USER}`);
    if (!container.readOnly) faults.push(`${container.service} may write to its root file system`);
    if (container.health !== 'healthy')
      faults.push(`${container.service} is ${container.health ?? 'without a health check'}`);
  }
  if (own.length === 0) faults.push(`${project} has no container of our images`);
  if (faults.length > 0) throw new Fault(faults.join('\n'));
  return own.map(({ service }) => service);
}
