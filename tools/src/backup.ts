/** `npm run backup`: the whole installation of this machine as one encrypted file, to a folder or S3. */
import { backUp, backUpErasures } from './backup/back-up.ts';
import { partsWith, readWords, report, runCommand } from './backup/command.ts';
import { openPlace } from './backup/open-place.ts';
import { Fault } from './stack/fault.ts';
import { readSettings } from './stack/settings.ts';
import { BundleFolder, listBundles } from './tenant/bundle-folder.ts';

const USAGE = `Use: npm run backup -- --to <folder | s3://bucket/folder> [--erasures]
  --erasures   who was erased and nothing else; quick enough for every minute
Its key: BACKUP_RECIPIENT or BACKUP_PASSPHRASE; see docs/operations/backup.md.`;

runCommand(async () => {
  const { to, erasures } = readWords({ to: { type: 'string' }, erasures: { type: 'boolean' } }, USAGE);
  if (!to) throw new Fault(`--to is missing.\n${USAGE}`);
  const { dataDir, DATABASE_URL: databaseUrl } = readSettings();
  const tenants = listBundles().map((slug) => new BundleFolder(slug));
  const place = openPlace(to);
  const installation = { dataDir, databaseUrl, tenants };
  if (erasures)
    return report(`${await backUpErasures(installation, place)} people on ${place.nameOf('erasures.json')}`);
  const { name, brokenLaws } = await backUp(installation, partsWith(place));
  report(`\n${place.nameOf(name)}`);
  for (const law of brokenLaws) report(`ATTENTION, the books themselves are so: ${law}`);
});
