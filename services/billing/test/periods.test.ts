/** Months as Postgres counts them: half-open, in the tenant's zone, through changes of the clock and of the zone. */
import { createLogger, createPool, type Pool } from '@cloudfreedom/service-kit';
import { type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareDatabase } from '../src/database/prepare.ts';
import { newId, tenant } from './records.ts';

let postgres: Postgres;
let owner: Pool;
beforeAll(async () => {
  postgres = await startPostgres();
  const ownerUrl = await postgres.createDatabase('billing');
  const serviceUrl = ownerUrl.replace('postgres:postgres', 'billing_service:pass');
  const logger = createLogger('billing', 'silent');
  const prepare = () => prepareDatabase({ ownerUrl, serviceUrl, eurPerUsd: '0.86', logger });
  await Promise.all([prepare(), prepare()]);
  owner = createPool(ownerUrl, { max: 1, applicationName: 'test' });
});
afterAll(async () => {
  await owner?.end();
  await postgres?.stop();
});

async function month(at: string, zone: string) {
  const { rows } = await owner.query('SELECT * FROM calendar_month($1, $2)', [at, zone]);
  return [rows[0].period_start.toISOString(), rows[0].period_end.toISOString(), rows[0].time_zone];
}

describe('calendar_month', () => {
  test('March in Berlin begins in winter time and ends in summer time: 743 hours', async () => {
    const march = await month('2026-03-15T12:00:00Z', 'Europe/Berlin');
    expect(march).toEqual(['2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z', 'Europe/Berlin']);
  });
  test('October ends in winter time: 745 hours', async () => {
    const october = await month('2026-10-31T22:59:59.999Z', 'Europe/Berlin');
    expect(october).toEqual(['2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z', 'Europe/Berlin']);
  });
  test('the last moment of a month belongs to it, the first of the next does not', async () => {
    expect((await month('2026-11-30T22:59:59.999Z', 'Europe/Berlin'))[1]).toBe('2026-11-30T23:00:00.000Z');
    expect((await month('2026-11-30T23:00:00Z', 'Europe/Berlin'))[0]).toBe('2026-11-30T23:00:00.000Z');
  });
  test('the year turns in the zone, not in UTC', async () => {
    expect((await month('2026-12-31T11:00:00Z', 'Pacific/Auckland'))[0]).toBe('2026-12-31T11:00:00.000Z');
  });
  test('an unknown zone counts as UTC and says so', async () => {
    const expected = ['2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z', 'UTC'];
    expect(await month('2026-11-15T00:00:00Z', 'Mars/Olympus')).toEqual(expected);
  });
});

describe('budget_period_at, after a change of the time zone', () => {
  async function period(tenantId: string, at: string) {
    const { rows } = await owner.query('SELECT * FROM budget_period_at($1, $2)', [tenantId, at]);
    return [rows[0].period_start.toISOString(), rows[0].period_end.toISOString(), rows[0].opened];
  }
  async function newTenant(zone: string) {
    const id = newId();
    await owner.query('INSERT INTO directory_tenants (id, rev, deleted, record) VALUES ($1, 1, false, $2)', [
      id,
      JSON.stringify(tenant({ id, timeZone: zone })),
    ]);
    await owner.query(
      `INSERT INTO budget_periods VALUES ($1, '2026-09-30T22:00Z', '2026-10-31T23:00Z', 'Europe/Berlin')`,
      [id],
    );
    return id;
  }
  test('the opened period goes on to its end', async () => {
    const id = await newTenant('America/New_York');
    const opened = ['2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z', true];
    expect(await period(id, '2026-10-31T22:59:59Z')).toEqual(opened);
  });
  test('to the west: the next one begins where it ended and swallows the rest of the month', async () => {
    const id = await newTenant('America/New_York');
    const next = ['2026-10-31T23:00:00.000Z', '2026-12-01T05:00:00.000Z', false];
    expect(await period(id, '2026-10-31T23:30:00Z')).toEqual(next);
  });
  test('to the east: the next one begins where it ended, not before', async () => {
    const id = await newTenant('Pacific/Auckland');
    const next = ['2026-10-31T23:00:00.000Z', '2026-11-30T11:00:00.000Z', false];
    expect(await period(id, '2026-11-05T00:00:00Z')).toEqual(next);
  });
});

describe('preparing the database again', () => {
  test('loads each price list once, and a rate only when it changes', async () => {
    const count = async (table: string) => (await owner.query(`SELECT count(*) FROM ${table}`)).rows[0].count;
    const before = [await count('price_versions'), await count('prices'), await count('exchange_rates')];
    expect(before[0]).toBeGreaterThan(50n);
    expect(before[2]).toBe(1n);
    const ownerUrl = postgres.url('billing');
    const serviceUrl = ownerUrl.replace('postgres:postgres', 'billing_service:changed');
    const logger = createLogger('billing', 'silent');
    await prepareDatabase({ ownerUrl, serviceUrl, eurPerUsd: '0.86', logger });
    expect([await count('price_versions'), await count('prices'), await count('exchange_rates')]).toEqual(before);
    await prepareDatabase({ ownerUrl, serviceUrl, eurPerUsd: '0.87', logger });
    expect(await count('exchange_rates')).toBe(2n);
    const service = createPool(serviceUrl, { max: 1, applicationName: 'test' });
    expect((await service.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await service.end();
  });

  test('makes a partition for this month and the next', async () => {
    const { rows } = await owner.query(`SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_records'::regclass`);
    expect(rows[0].count).toBe(3n);
  });
});
