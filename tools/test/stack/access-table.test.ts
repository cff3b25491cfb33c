/**
 * The access table, asked of the running stack: every row as every role, and no collection or route without a row. Then
 * random questions to each operation, as those who are let in and as strangers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { fuzz } from '../../fuzz/fuzz.ts';
import { FUZZED, type Fuzzed, readSecrets, targetsOf } from '../../fuzz/fuzz-world.ts';
import { faultsOfLogs, logMarks } from '../../fuzz/log-laws.ts';
import { ROOT } from '../../src/stack/settings.ts';
import { COLLECTION_ROWS, parseRows, ROUTE_ROWS, type Service } from '../access/access-table.ts';
import { type Cast, gatherCast, suspend } from '../access/cast.ts';
import { collectionAttempts } from '../access/collection-attempts.ts';
import { routeAttempts } from '../access/route-attempts.ts';
import { findDifferences } from '../access/run-rows.ts';
import { openStage, type Stage } from '../access/stage.ts';
import { stack, superuser } from './people.ts';
import { isAlive } from './running-stack.ts';

const SERVICES = ['identity', 'billing', 'proxy', 'conversations'] as const;
const OPERATIONS = ['list', 'view', 'create', 'update', 'delete'];
/** Left out of a service's OpenAPI document. */
const UNLISTED = ['GET /metrics', 'GET /openapi.json'];
const openapi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
/** Seconds and questions to each operation: few, each time others. `npm run fuzz` asks for as long as one likes. */
const [FUZZ_MS, FUZZ_RUNS] = [10_000, 4];
const dataDir = inject('dataDir');
const secrets = readSecrets(dataDir);
const seed = fc.readConfigureGlobal().seed ?? Date.now() % 2 ** 31;

let cast: Cast;
let stage: Stage;

beforeAll(async () => {
  const { internalSecret } = secrets;
  cast = await gatherCast({ superuser: await superuser(), internalSecret, tenant: stack.tenant.id });
  stage = await openStage(cast, stack.urls, 'gpt-5.4-mini');
  await suspend(cast);
});
afterAll(() => cast?.dismiss());

const operationsOf = (rows: string) => [...new Set(parseRows(rows).map(({ operation }) => operation))].sort();

describe('nothing is without a row', () => {
  test('every collection has all five operations', async () => {
    const collections = await cast.superuser.collections.getFullList();
    const expected = collections.flatMap(({ name }) => OPERATIONS.map((operation) => `${name} ${operation}`));
    expect(operationsOf(COLLECTION_ROWS)).toEqual(expected.sort());
  });

  test.each(SERVICES)('every route of %s', async (service) => {
    const { paths } = openapi.parse(await (await fetch(`${stack.urls[service]}/openapi.json`)).json());
    const routes = Object.entries(paths).flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
    );
    expect(operationsOf(ROUTE_ROWS[service])).toEqual([...routes, ...UNLISTED].sort());
  });

  test("every route that PocketBase's hooks add", () => {
    const folder = path.join(ROOT, 'services/pocketbase/pb_hooks');
    const hooks = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const added = hooks.flatMap((text) =>
      [...text.matchAll(/routerAdd\(\s*'(\w+)',\s*'([^']+)'/g)].map(([, method, route]) => `${method} ${route}`),
    );
    expect(added.length).toBe(hooks.join('').split('routerAdd(').length - 1);
    expect(operationsOf(ROUTE_ROWS.pocketbase)).toEqual(expect.arrayContaining(added));
  });
});

describe('each row, as each role', () => {
  test('collections', async () => {
    expect(await findDifferences(parseRows(COLLECTION_ROWS), collectionAttempts, cast)).toEqual([]);
  }, 180_000);

  test.each(Object.keys(ROUTE_ROWS) as Service[])(
    'routes of %s',
    async (service) => {
      expect(await findDifferences(parseRows(ROUTE_ROWS[service]), routeAttempts[service], stage)).toEqual([]);
    },
    180_000,
  );
});

test(`every answer to random questions keeps the laws (npm run fuzz -- --seed ${seed})`, async () => {
  const marks = logMarks(dataDir);
  const deadline = Date.now() + FUZZ_MS;
  const ask = async (service: Fuzzed) =>
    fuzz({
      ...{ url: stage.urls[service], targets: await targetsOf(stage, service) },
      ...{ runsEach: FUZZ_RUNS, seed, secrets: secrets.all, isOver: () => Date.now() > deadline },
    });
  const reports = await Promise.all(FUZZED.map(ask));
  expect(reports.flatMap(({ findings }) => findings).join('\n')).toBe('');
  const kinds = reports.flatMap(({ statuses }) => Object.values(statuses).flatMap((counted) => Object.keys(counted)));
  expect(new Set(kinds)).toEqual(new Set(['2xx', '4xx']));
  expect(faultsOfLogs(dataDir, marks, secrets.all)).toEqual([]);
  for (const service of FUZZED) expect(isAlive(stack.pids[service] as number), service).toBe(true);
});
