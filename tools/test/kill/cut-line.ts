/** A line between two processes that can be cut: what is sent meanwhile is accepted and lost. */
import { connect, createServer, type Socket } from 'node:net';

export interface Line {
  port: number;
  cut(): void;
  mend(): void;
  close(): void;
}

export async function openLine(targetPort: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => {}).on('close', () => sockets.delete(near));
    if (isCut) return void near.resume();
    const far = connect(targetPort, '127.0.0.1');
    sockets.add(far);
    far.on('error', () => near.destroy()).on('close', () => sockets.delete(far));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: () => {
      isCut = true;
      hangUp();
    },
    mend: () => {
      isCut = false;
      hangUp();
    },
    close: () => {
      hangUp();
      server.close();
    },
  };
}
