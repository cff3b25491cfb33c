/** The core's Traefik before one tenant's containers and the core's, all of it on this machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { freePort } from '@cloudfreedom/testkit';
import { makeCertificates } from '../../src/docker/certificates.ts';
import { CORE_DOMAIN } from '../../src/docker/names.ts';
import { type Container, deployment } from './deployment.ts';
import { type Running, startDockerStandIn } from './docker-stand-in.ts';
import { startPebble } from './pebble.ts';
import { type Reached, type ServiceStandIn, startServiceStandIn } from './service-stand-in.ts';
import { type Ports, startTraefik } from './traefik-process.ts';
import { until } from './until.ts';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** What a service says that reached it; null: the answer is Traefik's own. */
  reached: Reached | null;
}

export interface Question {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: Buffer;
}

const LOCAL = '127.0.0.1';

async function answerOf(request: http.ClientRequest, body?: Buffer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  request.on('response', resolve).on('error', reject);
  request.end(body);
  const response = await promise;
  let text = '';
  for await (const chunk of response) text += chunk;
  const isReached = response.headers['content-type'] === 'application/json';
  const reached = isReached ? (JSON.parse(text) as Reached) : null;
  return { status: response.statusCode ?? 0, headers: response.headers, text, reached };
}

/** @returns whether Traefik shows the certificate of the file */
const hasCertificate = ({ https: port }: Ports): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = tls.connect({ host: LOCAL, port, servername: `api.${CORE_DOMAIN}` });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.on('secureConnect', () => end(true)).on('error', () => end(false));
  });

/** Addresses that no other test of this machine has; those of one container are neighbours. */
const block = 64 + (process.pid % 128);
let made = 0;
const addressesOf = ({ networks }: Container) => {
  made += 1;
  return Object.fromEntries(networks.map((name, place) => [name, `127.${block}.${made}.${place + 1}`]));
};

/** The network by which Traefik reaches a container, as its label or Traefik's own setting has it. */
const sharedNetwork = ({ labels }: Container, command: string[]) =>
  labels['traefik.docker.network'] ??
  command.flatMap((word) => /^--providers\.docker\.network=(.+)$/.exec(word)?.[1] ?? [])[0] ??
  '';

/**
 * @param program Traefik
 * @param pebble Let's Encrypt's server for tests, who is asked for every certificate; null: Traefik has one for all hosts
 */
export async function startEdge(program: string, pebble: string | null = null) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-traefik-'));
  await makeCertificates(folder);
  const { containers, command } = deployment();
  const ports = { http: await freePort(), https: await freePort(), ping: await freePort() };
  const socket = path.join(folder, 'docker.sock');
  const issuer = pebble === null ? null : await startPebble(pebble, folder, ports.http);
  const docker = await startDockerStandIn(socket, async () => {
    if (issuer === null)
      await until(
        () => hasCertificate(ports),
        () => `Traefik shows no certificate:\n${traefik.log()}`,
      );
  });
  const startAgain = () => startTraefik(program, command, folder, socket, ports, issuer);
  let traefik = startAgain();
  const services: ServiceStandIn[] = [];
  /** Docker starts the container. It has a server where Traefik shall look for it, and nowhere else. */
  const start = async (container: Container): Promise<ServiceStandIn> => {
    const running: Running = { ...container, id: `${container.service}-${made}`, addresses: addressesOf(container) };
    const address = running.addresses[sharedNetwork(container, command)] ?? '';
    const service = await startServiceStandIn(container.service, running.id, address);
    services.push(service);
    docker.start(running);
    return service;
  };
  for (const container of containers) if (container.labels['traefik.enable'] === 'true') await start(container);
  const ask = (at: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Answer> => {
    const [, host = '', target = '/'] = /^([^/]+)(\/.*)?$/.exec(at) ?? [];
    const options = { host: LOCAL, port: ports.https, servername: host, path: target, method };
    return answerOf(https.request({ ...options, headers: { host, ...headers } }), body);
  };
  return {
    ports,
    issuer,
    get traefik() {
      return traefik;
    },
    restart: async () => {
      await traefik.stop();
      traefik = startAgain();
    },
    docker,
    containers,
    services,
    start,
    ask,
    /** Without encryption. */
    askPlain: (host: string, target: string, method: string) =>
      answerOf(http.request({ host: LOCAL, port: ports.http, path: target, method, headers: { host } })),
    stop: async () => {
      await traefik.stop();
      await issuer?.stop();
      docker.stop();
      for (const service of services) service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
