/** A place for backups by its address. */
import { copyFile, mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { openBucket } from './bucket.ts';
import type { Place } from './place.ts';

const S3 = /^s3:\/\/([^/]+)\/?(.*)$/;

function openFolder(folder: string): Place {
  const at = (name: string) => path.join(folder, name);
  const written = async (name: string, write: (part: string) => Promise<void>) => {
    await mkdir(folder, { recursive: true });
    const part = `${at(name)}.part`;
    try {
      await write(part);
      await rename(part, at(name));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  };
  const ignoreMissing = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  };
  return {
    nameOf: at,
    put: (name, file) => written(name, (part) => copyFile(file, part)),
    putText: (name, text) => written(name, (part) => writeFile(part, text)),
    fetch: async (name, file) => {
      await copyFile(at(name), file).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' || error.code === 'EISDIR'
          ? new Fault(`--from: there is no file ${at(name)}.`)
          : error;
      });
    },
    readText: (name) => readFile(at(name), 'utf8').catch(ignoreMissing),
    free: async () => {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

/** @param address a folder, or `s3://bucket/folder` */
export function openPlace(address: string): Place {
  const [, bucket, prefix = ''] = S3.exec(address) ?? [];
  if (bucket) return openBucket(bucket, prefix.replace(/\/+$/, ''));
  if (/^[a-z0-9]+:\/\//i.test(address)) throw new Fault(`${address} must be a folder or s3://bucket/folder.`);
  return openFolder(path.resolve(address));
}

/** @returns the place of a backup and its name in it */
export function splitAddress(address: string): { place: Place; name: string } {
  const slash = address.lastIndexOf('/');
  if (slash === -1) return { place: openPlace('.'), name: address };
  return { place: openPlace(address.slice(0, slash) || '/'), name: address.slice(slash + 1) };
}
