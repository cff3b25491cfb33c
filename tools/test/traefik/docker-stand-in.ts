/**
 * Docker's API as far as Traefik asks it, on a socket: the containers, one by one, and what happens to them. Each container has
 * an address of Linux's own on each of its networks.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Container } from './deployment.ts';

/** Docker 29's. */
const API_VERSION = '1.52';

export interface Running extends Container {
  id: string;
  /** By network. */
  addresses: Record<string, string>;
}

const inspected = ({ id, service, project, labels, addresses }: Running) => ({
  Id: id,
  Name: `/${project}-${service}-1`,
  State: { Status: 'running', Running: true, Health: { Status: 'healthy' } },
  Config: { Labels: { ...labels, 'com.docker.compose.project': project, 'com.docker.compose.service': service } },
  HostConfig: { NetworkMode: Object.keys(addresses)[0] },
  NetworkSettings: {
    Networks: Object.fromEntries(
      Object.entries(addresses).map(([name, IPAddress]) => [name, { NetworkID: name, IPAddress }]),
    ),
  },
});

/**
 * @param socket path of the socket
 * @param ready the list of containers waits for it
 */
export async function startDockerStandIn(socket: string, ready: () => Promise<void>) {
  const running: Running[] = [];
  const watchers = new Set<ServerResponse>();
  const unknown: string[] = [];
  const tell = (action: string, id: string) => {
    const event = JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } });
    for (const watcher of watchers) watcher.write(`${event}\n`);
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = url.pathname.replace(/^\/v[\d.]+/, '');
    const send = (body: unknown) => response.end(JSON.stringify(body));
    response.setHeader('api-version', API_VERSION);
    response.setHeader('content-type', 'application/json');
    const container = running.find(({ id }) => path === `/containers/${id}/json`);
    if (path === '/_ping') return void response.end();
    if (path === '/version') return void send({ Version: '29.0.0', ApiVersion: API_VERSION, MinAPIVersion: '1.44' });
    if (container) return void send(inspected(container));
    if (path === '/containers/json') {
      await ready();
      return void send(running.map(({ id }) => ({ Id: id })));
    }
    if (path === '/events') {
      watchers.add(response);
      return response.flushHeaders();
    }
    unknown.push(`${request.method} ${request.url}`);
    response.writeHead(404).end('{"message":"page not found"}');
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    /** What was asked that this doesn't know. */
    unknown,
    start: (container: Running) => {
      running.push(container);
      tell('start', container.id);
    },
    die: (id: string) => {
      running.splice(
        running.findIndex((container) => container.id === id),
        1,
      );
      tell('die', id);
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
