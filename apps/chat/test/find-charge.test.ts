import type { ServiceClient } from '@cloudfreedom/ui';
import { expect, it } from 'vitest';
import { findCharge } from '../src/answers/find-charge.ts';

const row = (requestId: string, charge: string) => ({ requestId, charge });

/** A billing that answers one page after the other; an error where there is none. */
function billing(pages: ({ requestId: string; charge: string }[] | Error)[]) {
  const asked: string[] = [];
  const services = {
    send: () => Promise.reject(new Error('not used')),
    json: (_schema: unknown, url: string) => {
      asked.push(url);
      const page = pages[asked.length - 1] ?? [];
      return page instanceof Error ? Promise.reject(page) : Promise.resolve({ items: page, nextCursor: null });
    },
  } as unknown as ServiceClient;
  return { services, asked };
}
const look = (services: ServiceClient) => findCharge(services, 'http://billing', 'r1', [0, 0, 0]);

it('looks until the request is settled', async () => {
  const { services, asked } = billing([
    [row('r0', '1.00')],
    new Error('down'),
    [row('r2', '2.00'), row('r1', '0.0042')],
  ]);
  expect(await look(services)).toBe('0.0042');
  expect(asked).toEqual(Array(3).fill('http://billing/v1/usage?limit=20'));
});

it('gives up, and never throws', async () => {
  expect(await look(billing([[], []]).services)).toBeNull();
  expect(await look(billing([new Error(), new Error(), new Error()]).services)).toBeNull();
});
