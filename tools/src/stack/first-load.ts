/** What a browser has to fetch before an app shows anything. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './settings.ts';

export interface FirstLoad {
  /** Gzipped: the document, the scripts and styles that it names, and the texts of one language, the larger one. */
  bytes: number;
  files: number;
  /** Lazy ones among them. */
  scriptsInAll: number;
}

/** @param app whose `dist` is built */
export function firstLoadOf(app: string): FirstLoad {
  const dist = path.join(ROOT, 'apps', app, 'dist');
  const sizeOf = (file: string) => gzipSync(readFileSync(path.join(dist, file))).length;
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const named = new Set(
    [...html.matchAll(/(?:src|href)="\/?((?:assets\/)[^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? ''),
  );
  const scripts = readdirSync(path.join(dist, 'assets')).filter((name) => name.endsWith('.js'));
  const texts = scripts.filter((name) => /^texts-(de|en)-/.test(name)).map((name) => sizeOf(`assets/${name}`));
  const sizes = ['index.html', ...named].map(sizeOf);
  return {
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) + Math.max(...texts),
    files: named.size + 1,
    scriptsInAll: scripts.length,
  };
}
