/** The folders that are deployed: the real compose files, and beside them what replaces Let's Encrypt and real names. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../stack/settings.ts';
import type { Bases } from './bases.ts';
import { run } from './command.ts';
import { edgeConfig, routesOf } from './edge.ts';
import { ADDRESS, CORE_DOMAIN, TENANT_DOMAIN } from './names.ts';

export const CORE_PROJECT = 'cloudfreedom-try-core';
export const TENANT_SLUG = 'trial';
export const TENANT_PROJECT = `cloudfreedom-${TENANT_SLUG}`;
export const NETWORK = 'cloudfreedom-try-tenants';
export const REGISTRY = 'cloudfreedom-try-images';
export const VERSION = 'trial';
export const CORE_ENV = 'core.env';

const OVERRIDE = 'docker-compose.override.yml';

/** Values in the place of those that the example has. */
function filled(example: string, values: Record<string, string>): string {
  const used = new Set<string>();
  const text = example.replace(/^([A-Z0-9_]+)=.*$/gm, (line, name: string) => {
    if (!(name in values)) return line;
    used.add(name);
    return `${name}=${values[name]}`;
  });
  const unknown = Object.keys(values).filter((name) => !used.has(name));
  if (unknown.length > 0) throw new Error(`not in the example: ${unknown.join(', ')}`);
  return text;
}

const HOSTS = [
  ...['api', 'billing', 'admin'].map((name) => `${name}.${CORE_DOMAIN}`),
  ...['ai', 'app'].map((name) => `${name}.${TENANT_DOMAIN}`),
];

/** Traefik as it is, but its certificates come from a file, and the tenant's containers find the names at it. */
function coreOverride(compose: string, certificates: string, { traefik, nginx }: Bases): string {
  const { services } = parse(compose, { merge: true }) as { services: { traefik: { command: string[] } } };
  const command = services.traefik.command.filter((word) => !word.includes('certificatesresolvers'));
  const inItsPlace = {
    image: nginx,
    command: ['nginx', '-e', 'stderr', '-c', '/trial/nginx.conf'],
    tmpfs: ['/tmp', '/var/lib/nginx'],
    healthcheck: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1/'] },
  };
  return stringify({
    services: {
      traefik: {
        ...(traefik === null
          ? inItsPlace
          : { command: [...command, '--providers.file.filename=/trial/certificates.yml'] }),
        volumes: [`${certificates}:/trial:ro`],
        networks: { edge: {}, tenants: { aliases: HOSTS } },
      },
    },
  });
}

/** nginx's routes: those of both compose files. */
function writeEdge(compose: string, certificates: string): void {
  const tenant = readFileSync(path.join(ROOT, 'tenant-template/docker-compose.yml'), 'utf8');
  const values = {
    DOMAIN: CORE_DOMAIN,
    TENANT_SLUG,
    AI_DOMAIN: `ai.${TENANT_DOMAIN}`,
    APP_DOMAIN: `app.${TENANT_DOMAIN}`,
  };
  const routes = [compose, tenant].flatMap((text) => routesOf(parse(text, { merge: true }), values));
  writeFileSync(path.join(certificates, 'nginx.conf'), edgeConfig(routes, '/trial'));
}

/** @returns the folder of the core, with its secrets */
export async function layOutCore(folder: string, bases: Bases, certificates: string): Promise<string> {
  const home = path.join(folder, 'core-deployment');
  mkdirSync(home);
  const compose = readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8');
  writeFileSync(path.join(home, 'docker-compose.yml'), compose);
  cpSync(path.join(ROOT, 'core'), path.join(home, 'core'), { recursive: true });
  const example = readFileSync(path.join(ROOT, 'core/core.env.example'), 'utf8');
  const values = {
    COMPOSE_PROJECT_NAME: CORE_PROJECT,
    DOMAIN: CORE_DOMAIN,
    IMAGE_REGISTRY: REGISTRY,
    VERSION,
    TRAEFIK_IMAGE: bases.traefik ?? '',
    POSTGRES_IMAGE: bases.postgres,
    HTTP_PORT: `${ADDRESS}:80`,
    HTTPS_PORT: `${ADDRESS}:443`,
    TENANTS_NETWORK: NETWORK,
    CHAT_ORIGINS: `https://app.${TENANT_DOMAIN}`,
    PROXY_ORIGINS: `https://ai.${TENANT_DOMAIN}`,
    EXCHANGE_RATE_SOURCE: 'environment',
    // There is no mail server here that could bring a code.
    MFA_REQUIRED: 'off',
  };
  writeFileSync(path.join(home, CORE_ENV), filled(example, values));
  writeFileSync(path.join(home, OVERRIDE), coreOverride(compose, certificates, bases));
  if (bases.traefik === null) writeEdge(compose, certificates);
  await run(path.join(home, 'core/make-secrets.sh'), []);
  return home;
}

/** The bundle as `npm run tenant` wrote it, told of the trial's images and authority. */
export function adaptTenant(home: string, envFile: string, bases: Bases, authority: string): void {
  const file = path.join(home, envFile);
  const values = {
    IMAGE_REGISTRY: REGISTRY,
    VERSION,
    POSTGRES_IMAGE: bases.postgres,
    REDIS_IMAGE: bases.redis,
    EDGE_NETWORK: NETWORK,
  };
  writeFileSync(file, filled(readFileSync(file, 'utf8'), values), { mode: 0o600 });
  const trusting = {
    environment: { NODE_EXTRA_CA_CERTS: '/trial/ca.pem' },
    volumes: [`${authority}:/trial/ca.pem:ro`],
  };
  // It stands for a provider, which no version of ours starts anew.
  const simulator = { image: `${REGISTRY}/simulator:${VERSION}` };
  const services = { proxy: trusting, conversations: trusting, simulator };
  writeFileSync(path.join(home, OVERRIDE), stringify({ services }));
}
