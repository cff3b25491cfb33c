/** Speaks S3 as far as backups do, and takes only what is signed by its one pair of keys (Signature Version 4). */
import { spawn } from 'node:child_process';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@cloudfreedom/testkit';

export const KEYS = { id: 'AKIDBACKUPS', secret: 'a-secret-of-the-bucket' };
export const BUCKET = 'backups';
const REGION = 'eu-central-1';
const ALGORITHM = 'AWS4-HMAC-SHA256';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** The code of S3's refusal; undefined: the request is signed as it should be. */
function refusalOf({ headers, method = '', url = '' }: IncomingMessage, body: Buffer): string | undefined {
  const parts = /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    headers.authorization ?? '',
  );
  if (!parts) return 'AccessDenied';
  const [, id, day = '', region, signed = '', signature = ''] = parts;
  if (id !== KEYS.id) return 'InvalidAccessKeyId';
  if (region !== REGION) return 'AuthorizationHeaderMalformed';
  const { pathname, searchParams } = new URL(url, 'http://bucket');
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const payload = String(headers['x-amz-content-sha256']);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = [method, pathname, query.join('&'), lines.join(''), signed, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = [ALGORITHM, headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${KEYS.secret}`, day), REGION));
  const expected = hmac(key, toSign);
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'SignatureDoesNotMatch';
}

const STATUS: Record<string, number> = { NoSuchBucket: 404, NoSuchKey: 404, AuthorizationHeaderMalformed: 400 };

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(STATUS[code] ?? 403, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>refused</Message></Error>`);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface BucketServer {
  url: string;
  keys(): string[];
  /** Objects that came in several parts, where the server tells. */
  inParts(): number | undefined;
  close(): void;
}

class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  inParts = 0;

  answer({ method, url = '' }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://bucket');
    const [, bucket, ...names] = pathname.split('/');
    const key = names.join('/');
    const upload = searchParams.get('uploadId') ?? undefined;
    if (bucket !== BUCKET) refuse(response, 'NoSuchBucket');
    else if (method === 'POST') this.#multipart(key, upload, response);
    else if (method === 'PUT') {
      if (upload) this.#uploads.get(upload)?.set(Number(searchParams.get('partNumber')), body);
      else this.objects.set(key, body);
      response.writeHead(200, { etag: `"${sha256(body).slice(0, 32)}"` }).end();
    } else {
      const found = this.objects.get(key);
      if (found) response.writeHead(200, { 'content-length': found.length }).end(found);
      else refuse(response, 'NoSuchKey');
    }
  }

  #multipart(key: string, upload: string | undefined, response: ServerResponse): void {
    const said = (name: string, content: string) =>
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(`<?xml version="1.0"?><${name}>${content}</${name}>`);
    if (upload === undefined) {
      const id = `upload-${this.#uploads.size}`;
      this.#uploads.set(id, new Map());
      said('InitiateMultipartUploadResult', `<Key>${key}</Key><UploadId>${id}</UploadId>`);
      return;
    }
    const parts = [...(this.#uploads.get(upload) ?? [])].sort(([one], [other]) => one - other);
    this.objects.set(key, Buffer.concat(parts.map(([, part]) => part)));
    this.inParts += 1;
    said('CompleteMultipartUploadResult', `<Key>${key}</Key><ETag>"whole"</ETag>`);
  }
}

/** Versity's S3 gateway over a folder. */
async function startGateway(binary: string): Promise<BucketServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-bucket-'));
  mkdirSync(path.join(folder, BUCKET));
  const address = `127.0.0.1:${await freePort()}`;
  const words = ['--access', KEYS.id, '--secret', KEYS.secret, '--region', REGION, '--port', address, 'posix', folder];
  const gateway = spawn(binary, words, { stdio: 'ignore' });
  const url = `http://${address}`;
  const isThere = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  while (gateway.exitCode === null && !(await isThere())) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    url,
    keys: () => readdirSync(path.join(folder, BUCKET), { recursive: true }).map(String),
    inParts: () => undefined,
    close: () => {
      gateway.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A real server where VERSITYGW_BIN names one (`go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`). */
export async function startBucketServer(): Promise<BucketServer> {
  if (process.env.VERSITYGW_BIN) return startGateway(process.env.VERSITYGW_BIN);
  const bucket = new Bucket();
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const refusal = refusalOf(request, body);
    if (refusal) refuse(response, refusal);
    else bucket.answer(request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: () => [...bucket.objects.keys()],
    inParts: () => bucket.inParts,
    close: () => server.close(),
  };
}
