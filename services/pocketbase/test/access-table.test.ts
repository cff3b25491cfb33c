/** The access table's rows of records, asked of PocketBase alone: as it is, and with rules weakened on purpose. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPocketBase } from '@cloudfreedom/testkit';
import { describe, expect, test, vi } from 'vitest';
import { defaultCacheDir, ensurePocketBase } from '../../../tools/src/pocketbase-binary.ts';
import { COLLECTION_ROWS, parseRows } from '../../../tools/test/access/access-table.ts';
import { builtInAttempts } from '../../../tools/test/access/built-in-attempts.ts';
import { BUILT_IN_ROWS } from '../../../tools/test/access/built-in-rows.ts';
import { type Cast, gatherCast, suspend } from '../../../tools/test/access/cast.ts';
import { collectionAttempts } from '../../../tools/test/access/collection-attempts.ts';
import { findDifferences } from '../../../tools/test/access/run-rows.ts';
import { INTERNAL_SECRET, serviceDir, signInSuperuser } from './stage.ts';

// Each asks the whole table of a PocketBase of its own.
vi.setConfig({ testTimeout: 120_000 });

const RULES = 'pb_migrations/1790000007_access_rules.js';
/** Takes a rule of the other apart and puts it together again, by the same words. */
const RULES_OF_KEYS = 'pb_migrations/1790000020_keys_of_members.js';
const REQUESTS = 'pb_hooks/requests.pb.js';

interface Weakening {
  file: string;
  from: string;
  to: string;
}

/** Passwords that are cheap to check: it is not them that the table is about. */
const CHEAP_PASSWORDS = `migrate((app) => {
  for (const name of ['users', '_superusers']) {
    const collection = app.findCollectionByNameOrId(name);
    collection.fields.getByName('password').cost = 4;
    app.save(collection);
  }
});`;

const askCollections = (cast: Cast) => findDifferences(parseRows(COLLECTION_ROWS), collectionAttempts, cast);
async function askBuiltIn(cast: Cast): Promise<string[]> {
  await cast.superuser.settings.update({ rateLimits: { enabled: false } });
  return findDifferences(parseRows(BUILT_IN_ROWS), builtInAttempts, cast);
}

/** What the table finds in a PocketBase whose migrations and hooks were changed like this. */
async function differencesWith(
  weakenings: Weakening[],
  ask: (cast: Cast) => Promise<string[]> = askCollections,
): Promise<string[]> {
  const copy = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-weakened-'));
  for (const folder of ['pb_migrations', 'pb_hooks'])
    cpSync(path.join(serviceDir, folder), path.join(copy, folder), { recursive: true });
  for (const { file, from, to } of weakenings) {
    const parts = readFileSync(path.join(copy, file), 'utf8').split(from);
    expect(parts, `${from} in ${file}`).toHaveLength(2);
    writeFileSync(path.join(copy, file), parts.join(to));
  }
  writeFileSync(path.join(copy, 'pb_migrations/9000000000_cheap_passwords.js'), CHEAP_PASSWORDS);
  const binary = await ensurePocketBase({ sourceDir: serviceDir, cacheDir: defaultCacheDir(), report: console.log });
  const server = await startPocketBase({ binary, serviceDir: copy, env: { INTERNAL_SECRET } });
  try {
    const cast = await gatherCast({ superuser: await signInSuperuser(server), internalSecret: INTERNAL_SECRET });
    await suspend(cast);
    // A suspension ends sessions; the rules have to hold for one that outlived it.
    for (const role of ['suspended', 'tenantSuspended'] as const)
      cast.bearers[role] = await cast.openSession(cast.people[role]);
    return await ask(cast);
  } finally {
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
}

test('as it is, PocketBase does what the table says', async () => {
  expect(await differencesWith([])).toEqual([]);
}, 120_000);

test('so do its built-in routes and subscriptions', async () => {
  expect(await differencesWith([], askBuiltIn)).toEqual([]);
});

describe('a rule that is weakened is found, and nothing else', () => {
  test('people are shown to admins of any tenant', async () => {
    const found = await differencesWith([
      {
        file: RULES,
        from: `(\${ACTIVE} && id = @request.auth.id) || (\${TENANT_ADMIN} && \${SAME_TENANT})\`,\n    create:`,
        to: `(\${ACTIVE} && id = @request.auth.id) || \${TENANT_ADMIN}\`,\n    create:`,
      },
    ]);
    expect(found).toEqual([
      'users list · otherAdmin: 200 instead of empty',
      'users view · otherAdmin: 200 instead of 404',
    ]);
  });

  test("an API key is anybody's to rename and revoke", async () => {
    const found = await differencesWith([
      {
        file: RULES,
        from: `\${KEY_LIMITS} && ((\${ACTIVE} && user = @request.auth.id)`,
        to: `\${KEY_LIMITS} && (\${ACTIVE}`,
      },
    ]);
    expect(found).toEqual([
      'api_keys update name · colleague: 200 instead of 404',
      'api_keys update name · otherAdmin: 200 instead of 404',
      'api_keys update revoke · colleague: 200 instead of 404',
      'api_keys update revoke · otherAdmin: 200 instead of 404',
    ]);
  });

  test('somebody suspended goes on reading with a session that outlived it', async () => {
    const weakened = { from: ' && @request.auth.status = "active" && ', to: ' && ' };
    const found = await differencesWith([RULES, RULES_OF_KEYS].map((file) => ({ file, ...weakened })));
    expect(found).toEqual([
      'tenants list · suspended: 200 instead of empty',
      'tenants view · suspended: 200 instead of 404',
      'tenants view mark-up · suspended: empty instead of 404',
      'products list · suspended: 200 instead of empty',
      'products view · suspended: 200 instead of 404',
      'models list · suspended: 200 instead of empty',
      'models view · suspended: 200 instead of 404',
      'models view address · suspended: empty instead of 404',
    ]);
  });

  test('a demo after its end, and tenant admins who lift each other: found by the rows of the new fields', async () => {
    const endless = {
      from: ` || @request.auth.tenant.expires_at > @now)'`,
      to: ` || @request.auth.tenant.expires_at != "")'`,
    };
    const found = await differencesWith([
      { file: RULES, from: `    MEMBER_OR_NO_RAISE,\n`, to: '' },
      ...[RULES, RULES_OF_KEYS].map((file) => ({ file, ...endless })),
    ]);
    expect(found).toEqual([
      'tenants list after-the-demo · member: 200 instead of empty',
      'users update admin-budget · admin: 200 instead of 404',
      'users update admin-product · admin: 200 instead of 404',
      'users update admin-role · admin: 200 instead of 404',
    ]);
  });

  test('colleagues hear of each other', async () => {
    const found = await differencesWith(
      [
        {
          file: RULES,
          from: `\${ACTIVE} && id = @request.auth.id) || (\${TENANT_ADMIN} && \${SAME_TENANT})\`,\n    create:`,
          to: `\${ACTIVE} && \${SAME_TENANT})\`,\n    create:`,
        },
      ],
      askBuiltIn,
    );
    expect(found).toEqual([
      'GET /api/realtime users/{member} · colleague: 200 instead of empty',
      'GET /api/realtime users/* · colleague: 200 instead of empty',
    ]);
  });

  test('usage is written by everybody who is signed in (both locks open)', async () => {
    const found = await differencesWith([
      { file: RULES, from: "setRules(app, 'usage_logs', {", to: "setRules(app, 'usage_logs', { create: ACTIVE," },
      { file: REQUESTS, from: "  'usage_logs',\n  'audit_logs',\n  'outbox',", to: "  'audit_logs',\n  'outbox'," },
    ]);
    const written = ['member', 'colleague', 'admin', 'otherAdmin', 'platform', 'superuser'];
    expect(found.filter((line) => line.includes(': 200 '))).toEqual(
      written.map((role) => `usage_logs create · ${role}: 200 instead of 403`),
    );
    expect(found.every((line) => line.startsWith('usage_logs create · '))).toBe(true);
  });
});
