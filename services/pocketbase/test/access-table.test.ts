/** The access table's rows of records, asked of PocketBase alone: as it is, and with rules weakened on purpose. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPocketBase } from '@cloudfreedom/testkit';
import { expect, test } from 'vitest';
import { defaultCacheDir, ensurePocketBase } from '../../../tools/src/pocketbase-binary.ts';
import { COLLECTION_ROWS, parseRows } from '../../../tools/test/access/access-table.ts';
import { gatherCast, suspend } from '../../../tools/test/access/cast.ts';
import { collectionAttempts } from '../../../tools/test/access/collection-attempts.ts';
import { findDifferences } from '../../../tools/test/access/run-rows.ts';
import { INTERNAL_SECRET, serviceDir, signInSuperuser } from './stage.ts';

const RULES = 'pb_migrations/1790000003_access_rules.js';
const REQUESTS = 'pb_hooks/requests.pb.js';

interface Weakening {
  file: string;
  from: string;
  to: string;
}

/** What the table finds in a PocketBase whose migrations and hooks were changed like this. */
async function differencesWith(weakenings: Weakening[]): Promise<string[]> {
  const copy = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-weakened-'));
  for (const folder of ['pb_migrations', 'pb_hooks'])
    cpSync(path.join(serviceDir, folder), path.join(copy, folder), { recursive: true });
  for (const { file, from, to } of weakenings) {
    const parts = readFileSync(path.join(copy, file), 'utf8').split(from);
    expect(parts, `${from} in ${file}`).toHaveLength(2);
    writeFileSync(path.join(copy, file), parts.join(to));
  }
  const binary = await ensurePocketBase({ sourceDir: serviceDir, cacheDir: defaultCacheDir(), report: console.log });
  const server = await startPocketBase({ binary, serviceDir: copy, env: { INTERNAL_SECRET } });
  try {
    const cast = await gatherCast({ superuser: await signInSuperuser(server), internalSecret: INTERNAL_SECRET });
    await suspend(cast);
    return await findDifferences(parseRows(COLLECTION_ROWS), collectionAttempts, cast);
  } finally {
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
}

test('as it is, PocketBase does what the table says', async () => {
  expect(await differencesWith([])).toEqual([]);
});
