/** Who is erased in PocketBase goes from identity's Postgres too, and nobody else. */
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { forgetErased, keepForgetting } from '../src/oidc/forget-erased.ts';
import { createPocketBaseClient } from '../src/pocketbase/pocketbase-client.ts';
import { type SignInStage, setSignInStage, signInAt } from './sign-in-stage.ts';
import {
  INTERNAL_SECRET,
  OTHER_PERSON,
  OTHER_SESSION,
  OTHER_TENANT,
  PERSON,
  SESSION,
  TENANT,
} from './stub-pocketbase.ts';

let stage: SignInStage;
let applications: Record<string, Awaited<ReturnType<SignInStage['application']>>>;
beforeAll(async () => {
  stage = await setSignInStage();
  applications = { [SESSION]: await stage.application(TENANT), [OTHER_SESSION]: await stage.application(OTHER_TENANT) };
});
afterAll(() => stage?.close());
beforeEach(async () => {
  stage.pocketbase.broken = null;
  stage.pocketbase.erasures = [];
  await stage.pool.query('TRUNCATE identity.oidc_records, identity.oidc_people');
  await signIn(SESSION);
  await signIn(OTHER_SESSION);
});

const erasureOf = (subjectId: string) => ({ subjectId, tenantId: TENANT, at: '2026-01-01T10:00:00.000Z', by: '' });
const pocketbase = () => createPocketBaseClient({ url: stage.pocketbase.url, internalSecret: INTERNAL_SECRET });

async function signIn(session: string): Promise<void> {
  const application = applications[session];
  const arrived = application && (await signInAt(stage, application, session));
  await arrived?.tokens?.();
}

/** Kinds of rows in which an id stands anywhere. */
async function keptOf(subjectId: string): Promise<string[]> {
  const { rows } = await stage.pool.query<{ kind: string }>(
    `SELECT DISTINCT model AS kind FROM identity.oidc_records r WHERE r::text LIKE '%' || $1 || '%'
     UNION SELECT 'person' FROM identity.oidc_people p WHERE p::text LIKE '%' || $1 || '%' ORDER BY 1`,
    [subjectId],
  );
  return rows.map(({ kind }) => kind);
}

test('an erased person goes at the start, with their mark, sessions, grants and tokens; others stay', async () => {
  const others = await keptOf(OTHER_PERSON.id);
  expect(others).toEqual(expect.arrayContaining(['Grant', 'RefreshToken', 'Session', 'person']));
  expect(await keptOf(PERSON.id)).toEqual(others);
  stage.pocketbase.erasures = [erasureOf('nobodyaaaaaaaaa'), erasureOf(PERSON.id)];
  await stage.restart();
  await expect.poll(() => keptOf(PERSON.id), { timeout: 20_000 }).toEqual([]);
  expect(await keptOf(OTHER_PERSON.id)).toEqual(others);
});

test('of a list of very many everybody goes, also the last', async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => erasureOf(`gone${String(index).padStart(11, '0')}`));
  stage.pocketbase.erasures = [...many, erasureOf(PERSON.id)];
  expect(await forgetErased({ pool: stage.pool, pocketbase: pocketbase() })).toBeGreaterThanOrEqual(4);
  expect(await keptOf(PERSON.id)).toEqual([]);
  expect(await forgetErased({ pool: stage.pool, pocketbase: pocketbase() })).toBe(0);
});

test('nobody goes while PocketBase does not answer, or answers what is no list', async () => {
  const before = [await keptOf(PERSON.id), await keptOf(OTHER_PERSON.id)];
  const forget = () => forgetErased({ pool: stage.pool, pocketbase: pocketbase() });
  stage.pocketbase.erasures = [erasureOf(PERSON.id)];
  for (const status of [200, 401, 404, 502]) {
    stage.pocketbase.broken = status;
    await expect(forget(), String(status)).rejects.toMatchObject({ code: 'unavailable' });
  }
  stage.pocketbase.broken = null;
  stage.pocketbase.erasures = [erasureOf(PERSON.id), { subjectId: '%' }];
  await expect(forget()).rejects.toMatchObject({ code: 'unavailable' });
  const away = createPocketBaseClient({ url: 'http://127.0.0.1:1', internalSecret: INTERNAL_SECRET });
  await expect(forgetErased({ pool: stage.pool, pocketbase: away })).rejects.toMatchObject({ code: 'unavailable' });
  expect([await keptOf(PERSON.id), await keptOf(OTHER_PERSON.id)]).toEqual(before);
});

test('it is made up for when PocketBase answers again, and what came in late goes with the next turn', async () => {
  stage.pocketbase.broken = 502;
  stage.pocketbase.erasures = [erasureOf(PERSON.id)];
  const logger = createLogger('identity', 'silent');
  const stop = keepForgetting({ pool: stage.pool, pocketbase: pocketbase(), logger, everyMs: 20, retryMs: 20 });
  try {
    stage.pocketbase.broken = null;
    await expect.poll(() => keptOf(PERSON.id), { timeout: 20_000 }).toEqual([]);
    await stage.pool.query("INSERT INTO identity.oidc_people (subject_id, session_mark) VALUES ($1, 'late')", [
      PERSON.id,
    ]);
    await expect.poll(() => keptOf(PERSON.id), { timeout: 20_000 }).toEqual([]);
  } finally {
    await stop();
  }
});

test('a new table or column of identity has to be decided: under subject_id, or not of people', async () => {
  const { rows } = await stage.pool.query<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = 'identity' GROUP BY 1`,
  );
  expect(Object.fromEntries(rows.map(({ name, columns }) => [name, columns]))).toEqual({
    oidc_clients: [
      ...['id', 'tenant_id', 'name', 'secret_sha256', 'redirect_uris', 'post_logout_redirect_uris', 'created_at'],
      ...['backchannel_logout_uri', 'id_token_algorithm'],
    ],
    // Not exported: where somebody is signed in, under their id alone.
    oidc_people: ['subject_id', 'session_mark'],
    oidc_records: [...['model', 'id_sha256', 'payload', 'subject_id', 'grant_id', 'uid', 'consumed_at', 'expires_at']],
    schema_migrations: expect.anything(),
  });
  for (const words of ['Ada', `${PERSON.id}@acme.example`, 'acme']) expect(await keptOf(words)).toEqual([]);
});

test('what names nobody in subject_id is a sign-in under way, and ends by itself within half an hour', async () => {
  const application = applications[SESSION];
  if (application) await signInAt(stage, application, 'no-session');
  const { rows } = await stage.pool.query<{ model: string; isLong: boolean }>(
    `SELECT DISTINCT model, coalesce(expires_at > now() + interval '30 minutes', true) AS "isLong"
     FROM identity.oidc_records WHERE subject_id IS NULL`,
  );
  expect(rows).toEqual([{ model: 'Interaction', isLong: false }]);
});

test('nothing that is kept of a person is kept without an end, but the mark, which the erasure takes', async () => {
  const { rows } = await stage.pool.query(
    `SELECT model FROM identity.oidc_records WHERE expires_at IS NULL OR expires_at > now() + interval '14 days'`,
  );
  expect(rows).toEqual([]);
});
