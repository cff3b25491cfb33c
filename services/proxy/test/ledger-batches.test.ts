/** The way to billing's ledger by itself: what one operation does to the others of its batch. */
import type { ReserveOperation } from '@cloudfreedom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZodError } from 'zod';
import { BillingClient } from '../src/billing/billing-client.ts';
import { Ledger } from '../src/billing/ledger.ts';
import { SERVICE_TOKEN, StubBilling } from './stub-billing.ts';

const billing = new StubBilling();
let client: BillingClient;
beforeEach(async () => {
  client = new BillingClient({ url: await billing.start(), serviceToken: SERVICE_TOKEN });
});
afterEach(async () => {
  await client.close();
  await billing.stop();
});

const reserve = (requestId: string): ReserveOperation => ({
  ...{ op: 'reserve', reservationId: crypto.randomUUID(), requestId, attempt: 1 },
  ...{
    credential: { type: 'subject', subjectId: 'user00000000001' },
    model: 'gpt-test',
    deploymentId: 'model0000000001',
  },
  ...{ provider: 'openai', simulated: false, streamed: false, choices: 1 },
  ...{ inputTokensMax: 10, outputTokensCap: 10, outputTokensMin: 1, outputTokensSlice: 10 },
});

test('an operation that billing can not read fails alone: the others of its batch are decided', async () => {
  const ledger = new Ledger(client);
  const [one, malformed, other] = await Promise.allSettled([
    ledger.ask(reserve('one')),
    ledger.ask(reserve('with U+0000: \0')),
    ledger.ask(reserve('other')),
  ]);
  expect(malformed).toMatchObject({ status: 'rejected', reason: expect.any(ZodError) });
  expect([one, other].map((each) => each.status === 'fulfilled' && each.value.status)).toEqual(['granted', 'granted']);
  expect(billing.batches.map((batch) => batch.length)).toEqual([2]);
});

test('malformed operations alone: nothing is sent again, and the way stays open', async () => {
  const ledger = new Ledger(client);
  await expect(ledger.ask(reserve(''))).rejects.toBeInstanceOf(ZodError);
  await expect(ledger.ask(reserve('later'))).resolves.toMatchObject({ status: 'granted' });
});
