/** Programs that tests need and npm can't bring: found, installed on Debian as root, or named as missing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface SystemPackage {
  /** Variable that tells the tests where it is; a test that needs it skips with its reason when it is not set. */
  variable: string;
  candidates: string[];
  debian: string;
  use: string;
}

const PACKAGES: SystemPackage[] = [
  {
    variable: 'CHROMIUM_BIN',
    candidates: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
    use: 'browser tests',
  },
  {
    variable: 'REDIS_SERVER_BIN',
    candidates: ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'],
    debian: 'redis-server',
    use: 'tests of limits that several proxies share',
  },
  {
    variable: 'NGINX_BIN',
    candidates: ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'],
    debian: 'nginx-light',
    use: 'tests of how the apps are served',
  },
  {
    variable: 'DOCKER_COMPOSE_BIN',
    candidates: [
      // Docker's plugin is a program by itself too.
      ...['/usr/libexec', '/usr/lib', '/usr/local/lib', '/usr/local/libexec', '/opt/homebrew/lib'].map(
        (folder) => `${folder}/docker/cli-plugins/docker-compose`,
      ),
      '/usr/bin/docker-compose',
      '/usr/local/bin/docker-compose',
      '/opt/homebrew/bin/docker-compose',
    ],
    debian: 'docker-compose',
    use: "Compose's own check of its files",
  },
];

function find({ variable, candidates }: SystemPackage): string | undefined {
  return [process.env[variable], ...candidates].find((file) => file !== undefined && file !== '' && existsSync(file));
}

function installOnDebian(names: string[], report: (line: string) => void): void {
  report(`Installing ${names.join(', ')} for the tests (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args: string[]) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  apt(['update', '-q']);
  // The package would start a server of its own on the default port; nobody here asked for that.
  const installed = apt([
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    '-o',
    'DPkg::Options::=--force-confold',
    ...names,
  ]);
  if (installed.status !== 0)
    report(`apt-get could not install them: ${installed.stderr?.trim().split('\n').at(-1) ?? ''}`);
}

/** @returns the variables to run the tests with */
export function findSystemPackages(report: (line: string) => void): Record<string, string> {
  const missing = PACKAGES.filter((item) => find(item) === undefined);
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && canInstall)
    installOnDebian(
      missing.map(({ debian }) => debian),
      report,
    );
  const found: Record<string, string> = {};
  for (const item of PACKAGES) {
    const file = find(item);
    if (file) found[item.variable] = file;
    else
      report(`Missing: ${item.debian} (${item.use} are skipped). Install it, or set ${item.variable} to its program.`);
  }
  return found;
}
