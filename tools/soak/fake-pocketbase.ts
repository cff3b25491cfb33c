/** PocketBase as billing sees it: a directory to read, and routes that take what they are given. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DirectorySnapshot } from '@cloudfreedom/contracts';

export interface FakePocketBase {
  url: string;
  snapshot: DirectorySnapshot;
  close(): Promise<void>;
}

export async function startFakePocketBase(snapshot: DirectorySnapshot): Promise<FakePocketBase> {
  const answers: Record<string, () => unknown> = {
    '/api/internal/directory-pages': () => ({ ...snapshot, next: '' }),
    '/api/internal/erasures': () => ({ erasures: [] }),
    '/api/internal/usage-logs': () => ({ written: 0 }),
    '/api/internal/mails': () => ({ sent: false }),
    '/api/internal/audit-logs': () => ({ written: 0 }),
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[request.url?.split('?')[0] ?? ''];
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer?.() ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    snapshot,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
