/** The main job: one request from sign-in to usage log, with the charge exact to the nano-euro everywhere. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { type ChargeNote, formatEur, parseEur } from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';
import { describe, expect, inject, test } from 'vitest';
import { accessToken, budgetOf, eventually, newPerson, openaiWith, stack, usageOf } from './people.ts';

const shell = promisify(execFile);
const MODELS = ['gpt-5.4-mini', 'claude-sonnet-5', 'gemini-2.5-flash'];

type WithNote = { cloudfreedom: ChargeNote };

describe('one request, from sign-in to usage log', () => {
  test('the curl line of the summary works as pasted', async () => {
    const line = inject('summary')
      .split('\n')
      .find((text) => text.trim().startsWith('curl '));
    const { stdout } = await shell('bash', ['-c', `${line?.trim()} -s`]);
    const events = stdout.trim().split('\n\n');
    expect(events.length).toBeGreaterThan(3);
    expect(events.at(-1)).toBe('data: [DONE]');
    expect(stdout).toContain('"charge_eur"');
  });

  test.each(MODELS)('%s streamed: usage, charge and budget agree in every place', async (model) => {
    const person = await newPerson();
    const before = await budgetOf(person.apiKey);
    expect(before).toMatchObject({ limit: '20.00', spent: '0.00', held: '0.00', remaining: '20.00' });
    const stream = await person.openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Explain a budget in two sentences.' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let finishes = 0;
    let usage: (WithNote & { prompt_tokens: number; completion_tokens: number }) | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (chunk.choices[0]?.finish_reason) finishes += 1;
      if (chunk.usage) usage = chunk.usage as unknown as typeof usage;
    }
    expect(text.length).toBeGreaterThan(20);
    expect(finishes).toBe(1);
    const charge = usage?.cloudfreedom.charge_eur ?? '';
    expect(parseEur(charge)).toBeGreaterThan(0n);
    const after = await budgetOf(person.apiKey);
    expect(after).toMatchObject({ held: '0.00', openHolds: [], spent: charge });
    expect(after.remaining).toBe(formatEur(parseEur('20') - parseEur(charge)));
    expect(usage?.cloudfreedom.remaining_eur).toBe(after.remaining);
    const [row] = await usageOf(person.apiKey);
    expect(row).toMatchObject({
      model,
      charge,
      simulated: true,
      outcome: 'completed',
      streamed: true,
      subjectId: person.record.id,
    });
    const {
      uncached_input = 0,
      cache_read = 0,
      cache_write = 0,
      output_text = 0,
      reasoning = 0,
    } = row?.usage.meters ?? {};
    expect(uncached_input + cache_read + cache_write).toBe(usage?.prompt_tokens);
    expect(output_text + reasoning).toBe(usage?.completion_tokens);
    await seesOwnLog(person.email, person.password, charge);
  });

  test.each(MODELS)('%s not streamed: the charge is in header and body', async (model) => {
    const person = await newPerson();
    const { data, response } = await person.openai.chat.completions
      .create({ model, messages: [{ role: 'user', content: 'Was ist ein Budget?' }] })
      .withResponse();
    expect(data.choices[0]?.message.content?.length).toBeGreaterThan(20);
    const note = (data.usage as unknown as WithNote).cloudfreedom;
    expect(response.headers.get('x-cloudfreedom-charge-eur')).toBe(note.charge_eur);
    expect((await budgetOf(person.apiKey)).spent).toBe(note.charge_eur);
  });

  test('a person with an access token instead of a key is charged the same way', async () => {
    const person = await newPerson();
    const token = await accessToken(person.session, `proxy/${stack.tenant.id}`);
    await openaiWith(token).chat.completions.create({
      model: 'gpt-5.4-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const [row] = await usageOf(await accessToken(person.session, 'billing'));
    expect(row).toMatchObject({ subjectId: person.record.id, apiKeyId: null });
  });

  test('forty requests at once: the budget goes down by exactly the sum of their charges', async () => {
    const person = await newPerson();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        person.openai.chat.completions.create({
          model: MODELS[index % 3] ?? '',
          messages: [{ role: 'user', content: `Number ${index}` }],
          max_completion_tokens: 200,
        }),
      ),
    );
    const sum = answers.reduce(
      (total, { usage }) => total + parseEur((usage as unknown as WithNote).cloudfreedom.charge_eur),
      0n,
    );
    const after = await budgetOf(person.apiKey);
    expect(after.spent).toBe(formatEur(sum));
    expect(after.held).toBe('0.00');
  });
});

test('a top-up by an admin stands in the audit log, with the network it came from and without the reason', async () => {
  const [person, admin] = [await newPerson(), await newPerson({ role: 'tenant_admin' })];
  const id = randomUUID();
  const response = await fetch(`${stack.urls.billing}/v1/tenants/${stack.tenant.id}/adjustments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await accessToken(admin.session, 'billing')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      id,
      kind: 'top_up',
      level: 'user',
      ownerId: person.record.id,
      amount: '0.50',
      reason: 'a long illness',
    }),
  });
  expect([response.status, (await budgetOf(person.apiKey)).limit]).toEqual([200, '20.50']);
  const session = new PocketBase(stack.urls.pocketbase);
  session.autoCancellation(false);
  await session.collection('users').authWithPassword(admin.email, admin.password);
  const filter = `target_id = "${id}"`;
  const row = await eventually(async () => (await session.collection('audit_logs').getList(1, 5, { filter })).items[0]);
  expect(row).toMatchObject({ actor: admin.record.id, action: 'create', target_collection: 'adjustments' });
  expect(row.after).toMatchObject({
    kind: 'top_up',
    owner: person.record.id,
    amount_eur: '0.50',
    reason: '[not kept]',
  });
  expect(row.ip).toMatch(/^(127\.0\.0\.0\/24|0:0:0::\/48)$/);
});

/** The request stands in PocketBase's usage_logs, readable by the person, with the exact charge. */
async function seesOwnLog(email: string, password: string, charge: string): Promise<void> {
  const client = new PocketBase(stack.urls.pocketbase);
  client.autoCancellation(false);
  await client.collection('users').authWithPassword(email, password);
  const log = await eventually(async () => (await client.collection('usage_logs').getList(1, 5)).items[0]);
  expect(log.charge_eur).toBe(charge);
  expect(log.total_ms).toBeGreaterThan(0);
  expect(log.tokens_out).toBeGreaterThan(0);
}
