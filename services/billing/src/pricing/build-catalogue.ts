/** Make catalogue/prices.json from a third party's price file: `npm run catalogue -- <file> <YYYY-MM-DD>`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogueOf, type SourceFile } from './source-prices.ts';

const [file, asOf] = process.argv.slice(2);
if (!file || !/^\d{4}-\d{2}-\d{2}$/.test(asOf ?? '')) {
  process.stderr.write('Usage: npm run catalogue -- <price file> <YYYY-MM-DD>\n');
  process.exit(2);
}
const catalogue = catalogueOf(JSON.parse(readFileSync(file, 'utf8')) as SourceFile, asOf ?? '');
const target = path.join(import.meta.dirname, '../../catalogue/prices.json');
writeFileSync(target, `${JSON.stringify(catalogue, null, 2)}\n`);
process.stdout.write(`${catalogue.models.length} models written to ${target}\n`);
