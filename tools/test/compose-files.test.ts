/** The compose files of the core and of a tenant: what they promise about isolation and limits, and Compose's own word. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../src/stack/settings.ts';

const composeFile = z.object({
  services: z.record(
    z.string(),
    z
      .object({
        image: z.string(),
        restart: z.literal('unless-stopped'),
        read_only: z.boolean().optional(),
        cap_drop: z.array(z.string()).optional(),
        security_opt: z.array(z.string()),
        logging: z.object({ driver: z.string(), options: z.record(z.string(), z.string()) }),
        networks: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]),
        deploy: z.object({
          resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }),
        }),
        labels: z.array(z.string()).optional(),
        ports: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()).optional(),
        secrets: z.array(z.string()).optional(),
        command: z.array(z.string()).optional(),
        init: z.boolean().optional(),
      })
      .loose(),
  ),
});

const CORE = { file: 'docker-compose.yml', example: 'core/core.env.example' };
const TENANT = { file: 'tenant-template/docker-compose.yml', example: 'tenant-template/TENANT_SECRETS.env.example' };
const FILES = [CORE, TENANT];
const OWN = /^(pocketbase|identity|billing|admin|proxy|conversations|chat|simulator|garage|(webui-)?redis)$/;

const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-compose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const servicesOf = (file: string) => composeFile.parse(parse(read(file), { merge: true })).services;
const networksOf = (service: { networks: string[] | Record<string, unknown> }) =>
  Array.isArray(service.networks) ? service.networks : Object.keys(service.networks);
const listed = (example: string) => [...read(example).matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name ?? '');

test.each(FILES)('$file: each service is limited, rotates its log and gains no rights', ({ file }) => {
  for (const [name, service] of Object.entries(servicesOf(file))) {
    expect([name, service.security_opt]).toEqual([name, ['no-new-privileges:true']]);
    expect([name, service.logging.options]).toEqual([name, { 'max-size': '10m', 'max-file': '5' }]);
    if (!OWN.test(name)) continue;
    expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
  }
});

test('what Prometheus asks are names that the services have on their networks', () => {
  const { scrape_configs: jobs } = z
    .object({
      scrape_configs: z.array(z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) })),
    })
    .parse(parse(read('docs/operations/monitoring/prometheus.yml')));
  const targets = jobs.flatMap(({ static_configs }) => static_configs.flatMap((entry) => entry.targets));
  expect(targets).toHaveLength(4);
  const named = FILES.flatMap(({ file }) =>
    Object.values(servicesOf(file)).flatMap(({ networks }) =>
      z
        .object({ aliases: z.array(z.string()) })
        .partial()
        .array()
        .parse(Object.values(networks).filter((given) => typeof given === 'object'))
        .flatMap(({ aliases = [] }) => aliases),
    ),
  ).map((alias) => alias.replace(/\$\{TENANT_SLUG(:\?)?\}/, 'acme'));
  expect(targets.filter((target) => !named.includes(target.replace(/:8080$/, '')))).toEqual([]);
});

test('what a shell starts ends at SIGTERM: as process 1 the shell would wait for the ten seconds of a kill', () => {
  const byShell = FILES.flatMap(({ file }) =>
    Object.entries(servicesOf(file)).filter(([, { command = [] }]) => command[0] === 'sh'),
  );
  expect(byShell.map(([name, { init }]) => [name, init])).toEqual([
    ['redis', true],
    ['webui-redis', true],
  ]);
});

test('what keeps data is reached by its own services alone', () => {
  const core = servicesOf(CORE.file);
  const tenant = servicesOf(TENANT.file);
  const onNetwork = (services: typeof core, network: string) =>
    Object.entries(services).flatMap(([name, service]) => (networksOf(service).includes(network) ? [name] : []));
  expect(onNetwork(core, 'data')).toEqual(['postgres', 'identity', 'billing']);
  expect(onNetwork(core, 'tenants')).toEqual(['traefik']);
  expect(onNetwork(tenant, 'edge')).toEqual(['proxy', 'conversations', 'chat', 'webui']);
  expect(onNetwork(tenant, 'tenant')).toEqual(['proxy', 'conversations', 'postgres', 'redis', 'simulator']);
  const ofWebUi = ['webui', 'webui-postgres', 'webui-redis', 'qdrant', 'garage'];
  expect(onNetwork(tenant, 'webui')).toEqual(['proxy', ...ofWebUi]);
});

test('a store is asked by a name that nobody else has on the network to Traefik', () => {
  for (const { file } of FILES) {
    const services = servicesOf(file);
    const onEdge = Object.values(services).filter((service) => networksOf(service).includes('edge'));
    const asked = JSON.stringify(onEdge.map(({ environment }) => environment));
    expect([file, asked.match(/@(postgres|redis):/g)]).toEqual([file, null]);
  }
  expect(read('core/make-secrets.sh').match(/@[\w-]+:5432/g)).toEqual(Array(3).fill('@core-postgres:5432'));
  expect([servicesOf(CORE.file).postgres?.networks, servicesOf(TENANT.file).postgres?.networks]).toEqual([
    { data: { aliases: ['core-postgres'] } },
    { tenant: { aliases: ['tenant-postgres'] } },
  ]);
  expect(servicesOf(TENANT.file).redis?.networks).toEqual({ tenant: { aliases: ['tenant-redis'] } });
});

test('Open WebUI holds no secret by which the tenant keeps its own data', () => {
  const { webui, ...others } = servicesOf(TENANT.file);
  const secretsIn = (text: string) =>
    [...text.matchAll(/\$\{(\w*(?:PASSWORD|SECRET|KEY|TOKEN)\w*)/g)].map(([, name]) => name);
  const held = new Set(secretsIn(JSON.stringify(webui?.environment)));
  expect(held.has('WEBUI_REDIS_PASSWORD')).toBe(true);
  for (const name of ['proxy', 'conversations', 'postgres', 'redis'])
    expect([name, secretsIn(JSON.stringify(others[name]?.environment)).filter((secret) => held.has(secret))]).toEqual([
      name,
      // What Open WebUI shows to the proxy.
      name === 'proxy' ? ['WEBUI_SERVICE_KEY', 'WEBUI_USER_JWT_SECRET'] : [],
    ]);
});

test('only Traefik has ports of the server', () => {
  const withPorts = FILES.flatMap(({ file }) => Object.entries(servicesOf(file)).filter(([, { ports }]) => ports));
  expect(withPorts.map(([name]) => name)).toEqual(['traefik']);
});

test('no secret of the core stands in an environment', () => {
  for (const [name, { environment = {} }] of Object.entries(servicesOf(CORE.file)))
    for (const [variable, value] of Object.entries(environment)) {
      const isHeld = /SECRET|PASSWORD|TOKEN(?!_URL)|DATABASE_URL/.test(variable);
      expect([name, variable, isHeld ? value : '/run/secrets/']).toEqual([
        name,
        isHeld ? expect.stringMatching(/_FILE$/) : variable,
        expect.stringContaining('/run/secrets/'),
      ]);
    }
});

test("PocketBase is given every variable of sign-in and mail that it reads, secrets by file, each made by the core's script", () => {
  const asked = new Set<string>();
  const getenv = (name: string) => {
    asked.add(name);
    // Read on, whatever it is about.
    return 'https://set.example';
  };
  const context = { module: { exports: { read: () => {} } }, $os: { getenv } };
  runInNewContext(read('services/pocketbase/pb_hooks/sign-in-config.js'), context);
  expect(() => context.module.exports.read()).toThrow('MFA_REQUIRED: one of');
  const isSecret = (name: string) => /SECRET|PASSWORD/.test(name);
  expect([...asked].filter(isSecret)).toHaveLength(6);
  const { environment = {}, secrets } = servicesOf(CORE.file).pocketbase ?? {};
  expect([...asked].filter((name) => !((isSecret(name) ? `${name}_FILE` : name) in environment))).toEqual([]);
  const files = [...asked].filter(isSecret).map((name) => name.toLowerCase());
  for (const file of files) {
    expect(environment[`${file.toUpperCase()}_FILE`]).toBe(`/run/secrets/${file}`);
    expect([secrets, Object.keys(parse(read(CORE.file)).secrets)]).toEqual([
      expect.arrayContaining([file]),
      expect.arrayContaining([file]),
    ]);
  }
  const made = mkdtempSync(path.join(folder, 'secrets-'));
  cpSync(path.join(ROOT, 'core'), path.join(made, 'core'), { recursive: true });
  const { status } = spawnSync('sh', [path.join(made, 'core/make-secrets.sh')], { encoding: 'utf8' });
  expect([status, readdirSync(path.join(made, 'secrets'))]).toEqual([0, expect.arrayContaining(files)]);
});

test('docs/operations/secrets.md starts anew, after a change of a file, just the services that have it', () => {
  const holders: Record<string, string[]> = {};
  // Postgres reads its files when the databases are made.
  for (const [name, { secrets = [] }] of Object.entries(servicesOf(CORE.file)))
    if (name !== 'postgres') for (const secret of secrets) holders[secret] = [...(holders[secret] ?? []), name];
  const said: Record<string, string[]> = {};
  for (const [, files = '', services = ''] of read('docs/operations/secrets.md').matchAll(
    /^\| (`.+?`) +\| `([a-z ]+)` +\|/gm,
  ))
    for (const [, file = ''] of files.matchAll(/`(\w+)`/g)) said[file] = services.split(' ');
  expect(said).toEqual(holders);
});

test("core/make-secrets.sh: files that containers may read and their owner may change, in a folder that is its owner's", () => {
  const home = mkdtempSync(path.join(folder, 'core-'));
  cpSync(path.join(ROOT, 'core'), path.join(home, 'core'), { recursive: true });
  const make = () => spawnSync(path.join(home, 'core/make-secrets.sh'), { encoding: 'utf8' });
  const secrets = path.join(home, 'secrets');
  const values = () => readdirSync(secrets).map((name) => [name, readFileSync(path.join(secrets, name), 'utf8')]);
  expect(make()).toMatchObject({ status: 0, stderr: '' });
  const names = Object.keys(
    z.object({ secrets: z.record(z.string(), z.unknown()) }).parse(parse(read(CORE.file))).secrets,
  );
  expect(readdirSync(secrets)).toEqual(expect.arrayContaining(names));
  const before = values();
  chmodSync(path.join(secrets, 'internal_secret'), 0o444);
  expect(make()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(values()).toEqual(before);
  expect((statSync(secrets).mode & 0o777).toString(8)).toBe('700');
  for (const name of names) expect((statSync(path.join(secrets, name)).mode & 0o777).toString(8)).toBe('644');
});

test.each(FILES)('$file uses just the variables that $example explains', ({ file, example }) => {
  const used = new Set([...read(file).matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name]) => name ?? ''));
  const known = listed(example).filter((name) => !name.startsWith('COMPOSE_P'));
  expect([...used].filter((name) => !name.startsWith('COMPOSE_P')).sort()).toEqual(known.sort());
});

/** @returns what Compose makes of the file, in a folder that holds what the guide asks for */
function config({ file, example }: (typeof FILES)[number], change: (env: string) => string) {
  const home = path.join(folder, path.basename(example));
  mkdirSync(home, { recursive: true });
  cpSync(path.join(ROOT, file), path.join(home, 'docker-compose.yml'));
  const filled = read(example).replace(
    /^(TENANT_ID|BILLING_SERVICE_TOKEN|\w+_PASSWORD|PROVIDER_KEY_ENCRYPTION_KEY)=$/gm,
    '$1=abcdefghijklmno',
  );
  writeFileSync(path.join(home, 'env'), change(filled));
  // Compose 2 leaves out what its profiles don't ask for, Compose 1 says all in any case.
  return spawnSync(process.env.DOCKER_COMPOSE_BIN ?? '', ['--env-file', 'env', '--profile', '*', 'config'], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home },
    encoding: 'utf8',
  });
}

const needsCompose = process.env.DOCKER_COMPOSE_BIN ? test : test.skip;

needsCompose.each(FILES)('Compose takes $file with nothing to say about it', (files) => {
  const { status, stdout, stderr } = config(files, (env) => env);
  expect([status, stderr]).toEqual([0, '']);
  const { services } = z.object({ services: z.record(z.string(), z.unknown()) }).parse(parse(stdout));
  expect(Object.keys(services).sort()).toEqual(Object.keys(servicesOf(files.file)).sort());
});

needsCompose.each([
  [CORE, 'DOMAIN'],
  [CORE, 'ACME_EMAIL'],
  [CORE, 'VERSION'],
  [TENANT, 'TENANT_ID'],
  [TENANT, 'BILLING_SERVICE_TOKEN'],
  [TENANT, 'AI_DOMAIN'],
])('Compose stops without a variable that is needed, and names it: $1', (files, name) => {
  const { status, stderr } = config(files, (env) => env.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=`));
  expect([status === 0, stderr]).toEqual([false, expect.stringContaining(name)]);
});

// Of a change this test is to tell: raise the generation in all names and the priority of the labels, then note both here.
const PROXY_LABELS = { generation: 2, sha256: '53bf1432fba0a456' };

test("the proxy's labels are those of their generation, as two of them run side by side during an upgrade", () => {
  const labels = servicesOf(TENANT.file).proxy?.labels ?? [];
  const sha256 = createHash('sha256').update(labels.join('\n')).digest('hex').slice(0, 16);
  const { generation } = PROXY_LABELS;
  expect({ generation, sha256 }).toEqual(PROXY_LABELS);
  const named = labels.filter((label) => label.startsWith('traefik.http.'));
  const name = new RegExp(`^traefik\\.http\\.\\w+\\.\\$\\{TENANT_SLUG(:\\?)?\\}-\\w+-${generation}\\.`);
  expect(named.filter((label) => !name.test(label))).toEqual([]);
  expect(labels.filter((label) => label.endsWith(`.priority=${1000 + generation}`)).length).toBe(1);
});

test("the edge's addresses are none that Docker gives to other networks by itself", () => {
  const written = [
    ...read(CORE.file).matchAll(/EDGE_SUBNET:-([^}]+)/g),
    ...read(CORE.example).matchAll(/^EDGE_SUBNET=(.+)$/gm),
  ];
  const subnets = [...new Set(written.map(([, subnet = '']) => subnet))];
  expect(subnets).toEqual([expect.stringMatching(/^[\d.]+\/24$/)]);
  expect(subnets.filter((subnet) => /^172\.(1[7-9]|2\d|3[01])\.|^192\.168\./.test(subnet))).toEqual([]);
});

test("GitLab's pipeline checks as .ci/run does, and builds each image that the compose files name", () => {
  const pipeline = parse(read('.gitlab-ci.yml')) as Record<string, { script?: string[] }>;
  expect(pipeline.check?.script).toEqual(['.ci/run']);
  const script = pipeline.images?.script?.join('\n') ?? '';
  const images = FILES.flatMap(({ file }) => Object.values(servicesOf(file)).map(({ image }) => image));
  const own = images.flatMap((image) => /^\$\{IMAGE_REGISTRY[^}]*\}\/(\w+):/.exec(image)?.[1] ?? []);
  expect(own.length).toBe(9);
  expect(own.filter((name) => !new RegExp(`\\b${name}\\b`).test(script))).toEqual([]);
});

test("GitLab's pipeline sets the version of each application of Coolify, then has it deployed", () => {
  const { script = [] } = (parse(read('.gitlab-ci.yml')) as Record<string, { script?: string[] }>).coolify ?? {};
  const { status, stdout } = spawnSync('sh', ['-c', `curl() { echo "$*"; }\n${script.join('\n')}`], {
    env: {
      PATH: process.env.PATH,
      COOLIFY_URL: 'https://c.test',
      COOLIFY_TOKEN: 't',
      COOLIFY_RESOURCES: 'a,b',
      CI_COMMIT_TAG: 'v1',
    },
    encoding: 'utf8',
  });
  const calls = stdout.trim().split('\n');
  expect([status, calls.map((call) => /-X (\w+ \S+)/.exec(call)?.[1])]).toEqual([
    0,
    ['a', 'b'].flatMap((id) => [
      `PATCH https://c.test/api/v1/applications/${id}/envs`,
      // No GET since Coolify 4.2.
      `POST https://c.test/api/v1/deploy?uuid=${id}`,
    ]),
  ]);
  expect(calls[0]).toContain('{"key": "VERSION", "value": "v1"}');
});

test('the images are built with the pnpm that installs everywhere else', () => {
  const used = ['images/service.Dockerfile', 'images/app.Dockerfile', 'tools/bootstrap.mjs'].flatMap(
    (file) => /pnpm@[\d.]+/.exec(read(file))?.[0] ?? [],
  );
  expect([used.length, new Set(used).size]).toEqual([3, 1]);
});
