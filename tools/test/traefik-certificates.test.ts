/** The real Traefik with the words and labels of both compose files gets its certificates as from Let's Encrypt. */
import tls, { type PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORE_DOMAIN, TENANT_DOMAIN } from '../src/docker/names.ts';
import { startEdge } from './traefik/edge.ts';
import { until } from './traefik/until.ts';

/** Traefik waits between its looks at an order; a loaded machine adds to it. */
const PATIENCE_MS = 180_000;

const { TRAEFIK_BIN, PEBBLE_BIN } = process.env;
const missing = Object.entries({ TRAEFIK_BIN, PEBBLE_BIN }).flatMap(([name, program]) => (program ? [] : [name]));
const why = missing.length > 0 ? ` (skipped: no program named by ${missing.join(' and ')})` : '';

const HOSTS = [
  ...['api', 'billing', 'admin'].map((name) => `${name}.${CORE_DOMAIN}`),
  ...['ai', 'app', 'webui'].map((name) => `${name}.${TENANT_DOMAIN}`),
];

/** What is shown for a name; null: nothing that this process trusts. */
const shownFor = (host: string, port: number) =>
  new Promise<PeerCertificate | null>((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: host });
    const end = (certificate: PeerCertificate | null) => {
      socket.destroy();
      resolve(certificate);
    };
    socket.on('secureConnect', () => end(socket.getPeerCertificate())).on('error', () => end(null));
  });

describe.skipIf(missing.length > 0)(
  `the real Traefik and Let's Encrypt's server for tests${why}`,
  { timeout: PATIENCE_MS },
  () => {
    let edge: Awaited<ReturnType<typeof startEdge>>;
    const allShown = () => Promise.all(HOSTS.map((host) => shownFor(host, edge.ports.https)));
    const untilShown = async () => {
      let shown: (PeerCertificate | null)[] = [];
      await until(
        async () => {
          shown = await allShown();
          return shown.every(Boolean);
        },
        () => `not each name has a certificate:\n${edge.traefik.log()}\n${edge.issuer?.log()}`,
      );
      return shown;
    };
    beforeAll(async () => {
      edge = await startEdge(TRAEFIK_BIN ?? '', PEBBLE_BIN ?? '');
    }, PATIENCE_MS);
    afterAll(() => edge?.stop());

    test('each name of the core and of a tenant gets its own certificate, by the challenge over HTTP', async () => {
      const shown = await untilShown();
      expect(shown.map((certificate) => certificate?.subjectaltname)).toEqual(HOSTS.map((host) => `DNS:${host}`));
      for (const certificate of shown) expect(certificate?.issuer.CN).toMatch(/^Pebble Intermediate CA/);
      for (const host of HOSTS) expect(edge.issuer?.log()).toContain(`Attempting to validate w/ HTTP: http://${host}:`);
      expect((await edge.ask(`ai.${TENANT_DOMAIN}/v1/models`)).reached?.service).toBe('proxy');
    });

    test('what it was given it keeps: started again, it asks for none', async () => {
      const before = await untilShown();
      await edge.restart();
      const after = await untilShown();
      expect(after.map((certificate) => certificate?.serialNumber)).toEqual(
        before.map((certificate) => certificate?.serialNumber),
      );
    });

    test('a name that no container has gets none', async () => {
      expect(await shownFor(`other.${TENANT_DOMAIN}`, edge.ports.https)).toBe(null);
      expect(edge.issuer?.log()).not.toContain(`other.${TENANT_DOMAIN}`);
    });

    test('nothing is said about it', () => expect(edge.traefik.complaints()).toEqual([]));
  },
);
