/** One address for several replicas: each connection goes to the next one that takes it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  url: string;
  close(): void;
}

/** @param replicas base addresses */
export async function openBalancer(replicas: readonly string[]): Promise<Balancer> {
  const ports = replicas.map((url) => Number(new URL(url).port));
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy()).once('close', () => open.delete(client));
    const first = turn++;
    const pass = (tried: number) => {
      if (tried === ports.length) return void client.destroy();
      const replica = connect(ports[(first + tried) % ports.length] as number, '127.0.0.1');
      const next = () => pass(tried + 1);
      replica.once('error', next).once('connect', () => {
        replica.off('error', next).on('error', () => client.destroy());
        replica.once('close', () => client.destroy());
        client.once('close', () => replica.destroy());
        client.pipe(replica).pipe(client);
      });
    };
    pass(0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
