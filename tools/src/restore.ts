/** `npm run restore`: a backup of the whole installation back on a machine that has none. */
import { partsWith, readWords, report, runCommand } from './backup/command.ts';
import { splitAddress } from './backup/open-place.ts';
import { restore } from './backup/restore.ts';
import { Fault } from './stack/fault.ts';
import { readSettings } from './stack/settings.ts';
import { BundleFolder } from './tenant/bundle-folder.ts';

const USAGE = `Use: npm run restore -- --from <file | s3://bucket/folder/file> [--without-erasures]
  --without-erasures   although the list erasures.json beside the backup is lost
Its key: BACKUP_IDENTITY or BACKUP_PASSPHRASE; see docs/operations/backup.md.`;

runCommand(async () => {
  const options = { from: { type: 'string' }, 'without-erasures': { type: 'boolean', default: false } } as const;
  const { from, 'without-erasures': withoutErasures } = readWords(options, USAGE);
  if (!from) throw new Fault(`--from is missing.\n${USAGE}`);
  const { dataDir, POCKETBASE_BIN: pocketbaseBinary } = readSettings();
  const { place, name } = splitAddress(from);
  const folderOf = (slug: string) => new BundleFolder(slug);
  const parts = { ...partsWith(place), dataDir, folderOf, pocketbaseBinary };
  const { madeAt, tenants } = await restore(name, { withoutErasures }, parts);
  report(`\n${dataDir} is as it was at ${madeAt}. Start it: npm start`);
  for (const slug of Object.keys(tenants)) report(`After that: npm run tenant -- run ${slug}`);
});
