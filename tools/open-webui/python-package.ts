/** Open WebUI as a Python package in a folder of its own, made once; this repository has no Python. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const PACKAGE = 'open-webui';
const VERSION = '0.12.4';
/** What the package asks for. */
const PYTHONS = ['python3.12', 'python3.11'];
const CACHE = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
const PROBE = `import importlib.metadata, psycopg2; print(importlib.metadata.version("${PACKAGE}"))`;

type Found = { python: string; program: string } | { missing: string };

function run(command: string, parameters: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}`.trim() };
}
const isThere = (command: string) => run(command, ['--version']).ok;

/** `OPEN_WEBUI_VENV` names one that is there already. @returns what is missing where it can't be had */
export function findOpenWebUi(report: (line: string) => void): Found {
  const folder = process.env.OPEN_WEBUI_VENV ?? path.join(CACHE, 'cloudfreedom', `${PACKAGE}-${VERSION}`);
  const found = { python: path.join(folder, 'bin', 'python'), program: path.join(folder, 'bin', PACKAGE) };
  const isInstalled = () => existsSync(found.program) && run(found.python, ['-c', PROBE]).output === VERSION;
  if (isInstalled()) return found;
  const system = PYTHONS.find(isThere);
  if (!system)
    return { missing: `Open WebUI needs Python 3.11 or 3.12 (${PYTHONS.join(', ')}), which is not on the PATH` };
  report(`Installing ${PACKAGE} ${VERSION} into ${folder} (once; some minutes, 5 GB) …`);
  mkdirSync(path.dirname(folder), { recursive: true });
  const wanted = `${PACKAGE}[postgres]==${VERSION}`;
  const steps = isThere('uv')
    ? [
        ['uv', ['venv', '--clear', '--python', system, folder]],
        ['uv', ['pip', 'install', '--python', found.python, wanted]],
      ]
    : [
        [system, ['-m', 'venv', '--clear', folder]],
        [found.python, ['-m', 'pip', 'install', '--quiet', wanted]],
      ];
  for (const [command, parameters] of steps as [string, string[]][]) {
    const { ok, output } = run(command, parameters);
    if (!ok) return { missing: `${command} ${parameters[0]}: ${output.split('\n').slice(-3).join(' ')}` };
  }
  return isInstalled() ? found : { missing: `${PACKAGE} ${VERSION} was installed, and does not say so` };
}
