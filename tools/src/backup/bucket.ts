/** A bucket of something that speaks S3; address, region and keys by the variables that Amazon's own tools read. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Fault } from '../stack/fault.ts';
import type { Place } from './place.ts';

/** S3 takes at most 10,000 parts of an object, and none below 5 MiB but the last. */
const PARTS_MAX = 9_000;
const PART_MIN_BYTES = 8 * 1024 * 1024;
const ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 60_000;

const REASONS: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket: make it first, or compare its name.',
  InvalidAccessKeyId: 'AWS_ACCESS_KEY_ID is not known there.',
  XAdminUserNotFound: 'AWS_ACCESS_KEY_ID is not known there.',
  SignatureDoesNotMatch: "AWS_SECRET_ACCESS_KEY doesn't belong to AWS_ACCESS_KEY_ID.",
  AccessDenied:
    'these keys may not do that there: they need s3:PutObject, s3:GetObject, s3:ListBucket and s3:AbortMultipartUpload.',
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  PermanentRedirect: 'the bucket is in another region: set AWS_REGION.',
  AuthorizationHeaderMalformed: 'the bucket is in another region: set AWS_REGION.',
  ENOTFOUND: 'the name in AWS_ENDPOINT_URL_S3 leads nowhere.',
  ECONNREFUSED: 'nobody answers at AWS_ENDPOINT_URL_S3.',
  ECONNRESET: 'it hung up: try again.',
  TimeoutError: 'it does not answer: try again.',
};

function faultOfBucket(error: unknown, where: string): Fault {
  const { name = '', code = '', message = '' } = error as { name?: string; code?: string; message?: string };
  const reason = REASONS[name] ?? REASONS[code] ?? (/region is missing/i.test(message) ? 'set AWS_REGION.' : undefined);
  return new Fault(`${where}: ${reason ?? `refused (${name || code}: ${message})`}`);
}

function isMissing(error: unknown): boolean {
  return (error as { name?: string }).name === 'NoSuchKey' || (error as { name?: string }).name === 'NotFound';
}

function connect(): S3Client {
  const hasEndpoint = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
  return new S3Client({
    maxAttempts: ATTEMPTS,
    // Not Amazon's: buckets there have no host name of their own, and no checksums of Amazon's newest kind.
    forcePathStyle: hasEndpoint,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: SILENCE_TIMEOUT_MS },
  });
}

export function openBucket(bucket: string, prefix: string): Place {
  const client = connect();
  const keyOf = (name: string) => (prefix === '' ? name : `${prefix}/${name}`);
  const nameOf = (name: string) => `s3://${bucket}/${keyOf(name)}`;
  const named = (name: string) => ({ Bucket: bucket, Key: keyOf(name) });
  const orFault = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw isMissing(error) ? new Fault(`--from: there is no ${nameOf(name)}.`) : faultOfBucket(error, nameOf(name));
    }
  };
  return {
    nameOf,
    put: (name, file) =>
      orFault(name, async () => {
        const { size } = await stat(file);
        await new Upload({
          client,
          params: { ...named(name), Body: createReadStream(file) },
          partSize: Math.max(PART_MIN_BYTES, Math.ceil(size / PARTS_MAX)),
          queueSize: 2,
        }).done();
      }),
    putText: (name, text) =>
      orFault(name, async () => {
        await client.send(new PutObjectCommand({ ...named(name), Body: text }));
      }),
    fetch: (name, file) =>
      orFault(name, async () => {
        const { Body } = await client.send(new GetObjectCommand(named(name)));
        await pipeline(Body as Readable, createWriteStream(file, { mode: 0o600 }));
      }),
    readText: async (name) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(named(name)));
        return await Body?.transformToString();
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw faultOfBucket(error, nameOf(name));
      }
    },
    free: async () => undefined,
  };
}
