/** The real Traefik with the compose file's own words; only where it listens, what it asks and its certificates are others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Issuer } from './pebble.ts';

export interface Ports {
  http: number;
  https: number;
  ping: number;
}

/** What it says at each start about a default that suits us, and about the address that only the container's health check asks. */
const REMARKS = [/can reject some encoded characters/, /"entryPointName":"traefik".*aliasHeadersStrategy/];

const LOCAL = '127.0.0.1';

/** A word of the command that the test changes must be there. */
function changed(command: string[], changes: Record<string, string>): string[] {
  const missing = Object.keys(changes).filter((word) => !command.includes(word));
  if (missing.length > 0) throw new Error(`docker-compose.yml starts Traefik without ${missing.join(', ')}`);
  return command.map((word) => changes[word] ?? word);
}

const ISSUER = '--certificatesresolvers.letsencrypt.acme.caserver';

/** There is a certificate for every host, so that nobody is asked for one. */
function certificatesOf(folder: string): string[] {
  const certificates = path.join(folder, 'certificates.yml');
  const named = { certFile: path.join(folder, 'certificate.pem'), keyFile: path.join(folder, 'key.pem') };
  writeFileSync(certificates, stringify({ tls: { certificates: [named] } }));
  return [`--providers.file.filename=${certificates}`];
}

function issuedBy({ authority, serverName }: Issuer): string[] {
  const acme = '--certificatesresolvers.letsencrypt.acme';
  return [`${acme}.cacertificates=${authority}`, `${acme}.caservername=${serverName}`];
}

/**
 * @param command of docker-compose.yml
 * @param folder holds certificate.pem and key.pem, for every host; takes what Traefik keeps
 * @param socket of Docker
 * @param issuer who is asked for certificates; null: nobody, those of the folder are shown
 */
export function startTraefik(
  program: string,
  command: string[],
  folder: string,
  socket: string,
  ports: Ports,
  issuer: Issuer | null,
) {
  mkdirSync(path.join(folder, 'acme'), { recursive: true });
  const words = changed(command, {
    '--entrypoints.http.address=:80': `--entrypoints.http.address=${LOCAL}:${ports.http}`,
    '--entrypoints.https.address=:443': `--entrypoints.https.address=${LOCAL}:${ports.https}`,
    [`${ISSUER}=https://acme-v02.api.letsencrypt.org/directory`]: `${ISSUER}=${issuer?.directory ?? `https://${LOCAL}:1/directory`}`,
    '--certificatesresolvers.letsencrypt.acme.storage=/acme/acme.json': `--certificatesresolvers.letsencrypt.acme.storage=${folder}/acme/acme.json`,
  });
  const own = [
    `--providers.docker.endpoint=unix://${socket}`,
    `--entrypoints.traefik.address=${LOCAL}:${ports.ping}`,
    '--log.format=json',
    ...(issuer === null ? certificatesOf(folder) : issuedBy(issuer)),
  ];
  const child = spawn(program, [...words, ...own], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (log += chunk));
  const ended = once(child, 'exit');
  return {
    log: () => log,
    hasEnded: () => child.exitCode !== null,
    /** Lines of warnings and errors. */
    complaints: () =>
      log
        .split('\n')
        .filter(Boolean)
        .filter((line) => !/"level":"(debug|info)"/.test(line) && !REMARKS.some((remark) => remark.test(line))),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
