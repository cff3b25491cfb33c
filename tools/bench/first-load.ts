/** What a browser has to fetch before an app shows anything. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../src/stack/settings.ts';

export interface FirstLoad {
  /** Gzipped: the document, and the scripts and styles that it names. */
  bytes: number;
  files: number;
  /** Lazy ones among them. */
  scriptsInAll: number;
}

/** @param app whose `dist` is built */
export function firstLoadOf(app: string): FirstLoad {
  const dist = path.join(ROOT, 'apps', app, 'dist');
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const named = new Set(
    [...html.matchAll(/(?:src|href)="\/?((?:assets\/)[^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? ''),
  );
  const sizes = ['index.html', ...named].map((file) => gzipSync(readFileSync(path.join(dist, file))).length);
  return {
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    files: named.size,
    scriptsInAll: readdirSync(path.join(dist, 'assets')).filter((name) => name.endsWith('.js')).length,
  };
}
