/** `node pass-through.ts <origin>`: bytes in, bytes out by undici's `dispatch`, the least that any proxy in Node costs. */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const CONNECTIONS = 1024;
const [origin = '', port = '0'] = process.argv.slice(2);
const pool = new Pool(origin, { connections: CONNECTIONS });

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (bytes: Buffer) => parts.push(bytes));
  request.on('end', () => {
    const headers = { 'content-type': 'application/json' };
    pool.dispatch(
      { method: 'POST', path: request.url ?? '/', headers, body: Buffer.concat(parts) },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, status, { 'content-type': type, 'content-length': length }) => {
          if (type !== undefined) response.setHeader('content-type', type);
          if (length !== undefined) response.setHeader('content-length', length);
          response.writeHead(status);
        },
        onResponseData: (_controller, bytes) => {
          response.write(bytes);
        },
        onResponseEnd: () => {
          response.end();
        },
        onResponseError: () => {
          response.destroy();
        },
      },
    );
  });
});
server.listen(Number(port), '127.0.0.1');
