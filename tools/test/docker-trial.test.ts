/** What `npm run try:docker` is made of, where there is no Docker: the guides and compose files that it takes its steps from. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { layOutCore } from '../src/docker/deployment.ts';
import { edgeConfig, routesOf } from '../src/docker/edge.ts';
import { guideAddresses } from '../src/docker/guide-checks.ts';
import { upgradeSteps } from '../src/docker/upgrade.ts';
import { ROOT } from '../src/stack/settings.ts';

const LABELS = [
  'traefik.http.routers.x.rule=Host(`$' + '{APP:?}`) && PathPrefix(`/api/`) && !Path(`/api/metrics`)',
  'traefik.http.services.x.loadbalancer.server.port=8080',
  'traefik.http.middlewares.x.stripprefix.prefixes=/api',
];
const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-docker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without Docker it says what is skipped and why, and ends well', () => {
  const { status, stdout } = spawnSync(process.execPath, [path.join(ROOT, 'tools/src/try-docker.ts')], {
    env: { PATH: folder },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Skipped: .* there is no `docker` on this machine/)]);
}, 120_000);

test('it asks the addresses of the guide, under the names of the trial', () => {
  const { answers, hidden } = guideAddresses();
  expect(answers).toEqual(
    expect.arrayContaining(['api.cloudfreedom.test/ready', 'ai.trial.test/ready', 'app.trial.test/health']),
  );
  expect(hidden).toEqual(expect.arrayContaining(['api.cloudfreedom.test/_/', 'billing.cloudfreedom.test/metrics']));
  expect([...answers, ...hidden].filter((at) => /example/.test(at))).toEqual([]);
});

test("another proxy is started by the guide's own lines", () => {
  const steps = upgradeSteps({ composeWords: ['docker-compose'] }, { envFile: 'TENANT_SECRETS.env' });
  expect(steps).toMatch(/^C="docker-compose --env-file TENANT_SECRETS.env"$/m);
  expect(steps).toMatch(/^\$C up -d .*--scale proxy=2 proxy/m);
  expect(steps).not.toMatch(/docker compose|--wait|pull/);
});

test('the core is laid out with its secrets; nothing but the certificates is other than in docker-compose.yml', async () => {
  const image = 'registry.example/image:1';
  const names = ['nodeBuild', 'nodeRuntime', 'nginx', 'goBuild', 'static', 'postgres', 'redis', 'traefik'] as const;
  const bases = Object.fromEntries(names.map((name) => [name, image])) as Record<(typeof names)[number], string>;
  const home = await layOutCore(folder, bases, folder);
  const read = (file: string) => readFileSync(path.join(home, file), 'utf8');
  expect(read('docker-compose.yml')).toBe(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'));
  expect(read('core.env')).toMatch(/^DOMAIN=cloudfreedom\.test$/m);
  expect(read('secrets/billing_url')).toMatch(/^postgres:\/\/billing_service:\w{48}@core-postgres:5432\/billing$/);
  const { services } = parse(read('docker-compose.override.yml'));
  expect(Object.keys(services)).toEqual(['traefik']);
  const { services: real } = parse(read('docker-compose.yml'), { merge: true });
  const left = real.traefik.command.filter((word: string) => !services.traefik.command.includes(word));
  expect(left.length).toBe(4);
  expect(left.filter((word: string) => !word.startsWith('--certificatesresolvers.letsencrypt.'))).toEqual([]);
});

test("in Traefik's place nginx leads where the labels say, what is not for others to nowhere", () => {
  const compose = { services: { conversations: { labels: LABELS }, database: {} } };
  const config = edgeConfig(routesOf(compose, { APP: 'app.example.com' }), '/certificates');
  expect(config).toContain('server_name app.example.com;');
  expect(config).toContain(
    'location /api/ { set $to conversations; rewrite ^/api(/.*)$ $1 break; proxy_pass http://$to:8080; }',
  );
  expect(config).toContain('location = /api/metrics { return 404; }');
  expect(config).toContain('location / { return 404; }');
  const unknown = [`x.rule=Host(\`a\`) && Method(\`GET\`)`];
  expect(() => edgeConfig(routesOf({ services: { a: { labels: unknown } } }, {}), '/')).toThrow(/Method/);
});
