/** Let's Encrypt's own server for tests, which proves each name as Let's Encrypt does, and a server of names for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { freePort } from '@cloudfreedom/testkit';
import { CORE_DOMAIN } from '../../src/docker/names.ts';
import { until } from './until.ts';

/** Whom Traefik asks for certificates. */
export interface Issuer {
  /** Address. */
  directory: string;
  /** File with the authority of its own certificate, and the name that stands in there. */
  authority: string;
  serverName: string;
}

const LOCAL = '127.0.0.1';
const SERVER_NAME = `acme.${CORE_DOMAIN}`;
const LENGTH_BYTES = 2;
const HEADER_BYTES = 12;
const IPV4 = 1;

/** Each name is this machine. Pebble asks by TCP, each question with its length before it. */
async function startNames() {
  const server = createServer((socket) => {
    socket.on('data', (question) => {
      // A name ends with an empty label; type and class follow.
      const end = question.indexOf(0, LENGTH_BYTES + HEADER_BYTES) + 5;
      const asked = question.subarray(LENGTH_BYTES + HEADER_BYTES, end);
      const isIpv4 = question.readUInt16BE(end - 4) === IPV4;
      const id = question.subarray(LENGTH_BYTES, LENGTH_BYTES + 2);
      const header = Buffer.from([...id, 0x81, 0x80, 0, 1, 0, isIpv4 ? 1 : 0, 0, 0, 0, 0]);
      // The name by its place in the question, for one hour.
      const found = Buffer.from([0xc0, HEADER_BYTES, 0, IPV4, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, 127, 0, 0, 1]);
      const answer = Buffer.concat(isIpv4 ? [header, asked, found] : [header, asked]);
      socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
    });
    socket.on('error', () => {});
  });
  server.listen(0, LOCAL);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
}

async function ask(port: number, target: string): Promise<string> {
  const request = https.request({ host: LOCAL, port, servername: SERVER_NAME, path: target }).end();
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/**
 * From here on this process trusts its certificates.
 * @param folder holds ca.pem, certificate.pem and key.pem
 * @param httpPort where it asks for the proof, instead of 80
 */
export async function startPebble(program: string, folder: string, httpPort: number) {
  const names = await startNames();
  const [port, managementPort] = [await freePort(), await freePort()];
  const pebble = {
    listenAddress: `${LOCAL}:${port}`,
    managementListenAddress: `${LOCAL}:${managementPort}`,
    certificate: path.join(folder, 'certificate.pem'),
    privateKey: path.join(folder, 'key.pem'),
    httpPort,
    retryAfter: { authz: 1, order: 1 },
    profiles: { default: { description: 'as it comes', validityPeriod: 90 * 24 * 3600 } },
  };
  const file = path.join(folder, 'pebble.json');
  writeFileSync(file, JSON.stringify({ pebble }));
  const words = ['-strict', '-config', file, '-dnsserver', `${LOCAL}:${names.port}`];
  const child = spawn(program, words, { env: { PEBBLE_VA_NOSLEEP: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (log += chunk));
  const ended = once(child, 'exit');
  const root = () => ask(managementPort, '/roots/0').catch(() => '');
  await until(
    async () => (await root()).includes('CERTIFICATE'),
    () => `Pebble does not answer:\n${log}`,
  );
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), await root()]);
  return {
    directory: `https://${LOCAL}:${port}/dir`,
    authority: path.join(folder, 'ca.pem'),
    serverName: SERVER_NAME,
    log: () => log,
    stop: async () => {
      child.kill('SIGKILL');
      names.stop();
      await ended;
    },
  };
}
