/** The access table, asked of the running stack: every row as every role, and no collection or route without a row. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from '../../src/stack/settings.ts';
import { COLLECTION_ROWS, parseRows, ROUTE_ROWS, type Service } from '../access/access-table.ts';
import { type Cast, gatherCast, suspend } from '../access/cast.ts';
import { collectionAttempts } from '../access/collection-attempts.ts';
import { routeAttempts } from '../access/route-attempts.ts';
import { findDifferences } from '../access/run-rows.ts';
import { openStage, type Stage } from '../access/stage.ts';
import { stack, superuser } from './people.ts';

const SERVICES = ['identity', 'billing', 'proxy', 'conversations'] as const;
const OPERATIONS = ['list', 'view', 'create', 'update', 'delete'];
/** Left out of a service's OpenAPI document. */
const UNLISTED = ['GET /metrics', 'GET /openapi.json'];
const openapi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

let cast: Cast;
let stage: Stage;

beforeAll(async () => {
  const secrets = z
    .object({ internalSecret: z.string() })
    .parse(JSON.parse(readFileSync(path.join(inject('dataDir'), 'secrets.json'), 'utf8')));
  cast = await gatherCast({ superuser: await superuser(), ...secrets, tenant: stack.tenant.id });
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
