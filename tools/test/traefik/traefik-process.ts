/** The real Traefik with the compose file's own words; only where it listens, what it asks and its certificates are others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

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

/**
 * @param command of docker-compose.yml
 * @param folder holds certificate.pem and key.pem, for every host; takes what Traefik keeps
 * @param socket of Docker
 */
export function startTraefik(program: string, command: string[], folder: string, socket: string, ports: Ports) {
  const certificates = path.join(folder, 'certificates.yml');
  const named = { certFile: path.join(folder, 'certificate.pem'), keyFile: path.join(folder, 'key.pem') };
  writeFileSync(certificates, stringify({ tls: { certificates: [named] } }));
  mkdirSync(path.join(folder, 'acme'));
  const words = changed(command, {
    '--entrypoints.http.address=:80': `--entrypoints.http.address=${LOCAL}:${ports.http}`,
    '--entrypoints.https.address=:443': `--entrypoints.https.address=${LOCAL}:${ports.https}`,
    '--certificatesresolvers.letsencrypt.acme.storage=/acme/acme.json': `--certificatesresolvers.letsencrypt.acme.storage=${folder}/acme/acme.json`,
  });
  const own = [
    `--providers.docker.endpoint=unix://${socket}`,
    `--providers.file.filename=${certificates}`,
    `--entrypoints.traefik.address=${LOCAL}:${ports.ping}`,
    // Nothing is asked for: there is a certificate for every host.
    `--certificatesresolvers.letsencrypt.acme.caserver=https://${LOCAL}:1/directory`,
    '--log.format=json',
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
