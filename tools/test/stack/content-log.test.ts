/**
 * Keeping requests and answers, in the running stack: as it comes nobody's words are anywhere; a tenant admin switches it on,
 * the chat says so, a look is written down, what is over its time is gone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { audienceOf, CONTENT_LOG_HEADER } from '@cloudfreedom/contracts';
import { createPool, type Pool } from '@cloudfreedom/service-kit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { accessToken, eventually, newPerson, type Person, stack, superuser, usageOf } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const CANARY = 'Zaunkoenigskanarie';
const PATIENCE = { timeout: 40_000 };
const portal = (page: string) => `${stack.urls.admin}/tenants/${stack.tenant.id}/${page}`;
const messages = [{ role: 'user' as const, content: `${CANARY} [[simulate length=20]]` }];

async function withDatabase<T>(name: string, use: (pool: Pool) => Promise<T>): Promise<T> {
  const { postgresPassword } = JSON.parse(readFileSync(path.join(inject('dataDir'), 'secrets.json'), 'utf8'));
  const port = Number(new URL(stack.urls.pocketbase).port) + 8;
  const url = `postgres://postgres:${postgresPassword}@127.0.0.1:${port}/${name}`;
  const pool = createPool(url, { max: 1, applicationName: 'content-log-test' });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

/** Everything that the stack wrote: its files (logs, PocketBase, Redis …), and Postgres by its rows. */
async function writtenWith(text: string): Promise<string[]> {
  const files = readdirSync(inject('dataDir'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes(`${path.sep}postgres`),
  );
  const found = files
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => readFileSync(file).includes(text));
  for (const database of ['cloudfreedom_billing', 'cloudfreedom_tenant_demo'])
    await withDatabase(database, async (pool) => {
      const { rows: tables } = await pool.query(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      const hex = Buffer.from(text).toString('hex');
      for (const { name } of tables) {
        const { rows } = await pool.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`, [
          `%${text}%`,
          `%${hex}%`,
        ]);
        if (rows.length > 0) found.push(`${database} ${name}`);
      }
    });
  return found;
}

const picture = async (page: Page, name: string) =>
  process.env.PICTURES && page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });

async function switchOff(): Promise<void> {
  const url = `/api/tenants/${stack.tenant.id}/content-log`;
  await (await superuser()).send(url, { method: 'POST', body: { days: 0 } });
}

describe.skipIf(!executablePath)(`content logging${why}`, () => {
  let admin: Person;
  let member: Person;
  beforeAll(async () => {
    await openBrowser();
    [admin, member] = await Promise.all([
      newPerson({ role: 'tenant_admin' }),
      newPerson({ name: 'Written Person', cost_centre: 'Kostenkanarie' }),
    ]);
  });
  afterAll(async () => {
    await switchOff();
    await closeBrowser();
  });

  test('as it comes no word of a request or an answer is in any log, table or file', async () => {
    const { openai } = member;
    const answered = await openai.chat.completions.create({ model: 'gpt-5.4-mini', messages }).withResponse();
    expect(answered.response.headers.get(CONTENT_LOG_HEADER)).toBeNull();
    const [said = ''] = /Simulated [^.]+/.exec(answered.data.choices[0]?.message.content ?? '') ?? [];
    const stream = await openai.chat.completions.create({ model: 'claude-sonnet-5', messages, stream: true });
    for await (const _ of stream);
    await openai.responses.create({ model: 'gemini-2.5-flash', input: CANARY, store: false });
    const fails = `${CANARY} [[simulate status=500]]`;
    const failed = openai.chat.completions.create({
      model: 'gpt-5.4-mini',
      messages: [{ role: 'user', content: fails }],
    });
    await expect(failed).rejects.toThrow();
    const unknown = openai.chat.completions.create({
      model: 'gpt-5.4-mini',
      messages,
      tools: [{ type: CANARY }] as never,
    });
    await expect(unknown).rejects.toThrow();
    // The rows are there, so what was written of these requests is written.
    await eventually(async () => ((await usageOf(member.apiKey)).length >= 3 ? true : undefined), 40_000);
    expect((await writtenWith('Kostenkanarie')).length).toBeGreaterThan(1);
    expect(await writtenWith(CANARY)).toEqual([]);
    expect(said.length).toBeGreaterThan(20);
    expect(await writtenWith(said)).toEqual([]);
  });

  test('an admin switches it on; the chat says so before a message is sent; the look is in the audit log; off again', async () => {
    const { page: chat, complaints: ofChat } = await visit(stack.urls.chat, { width: 390 });
    await signIn(chat, member);
    const message = chat.getByRole('textbox', { name: 'Your message' });
    await chat.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
    const note = chat.getByText(/Your organisation keeps what you write and the answers for 30 days/);
    expect(await note.count()).toBe(0);

    const { page, complaints } = await visit(portal('content-log'));
    await signIn(page, admin);
    await page.getByText('Off: requests and answers are not kept').waitFor();
    await page.getByRole('button', { name: 'Switch on' }).click();
    const dialog = page.getByRole('dialog', { name: 'Keep requests and answers' });
    const save = dialog.getByRole('button', { name: 'Keep requests and answers' });
    await dialog.getByLabel('Days').fill('91');
    await save.click();
    await dialog.getByText('Confirm this first.', { exact: false }).waitFor();
    await dialog.getByText(/1.*90/).last().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('Days').fill('30');
    await dialog.getByRole('checkbox').check();
    await picture(page, 'content-log-form');
    await save.click();
    await page.getByText('On: requests and answers are kept for 30 days').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await note.waitFor(PATIENCE);
    await picture(chat, 'content-log-chat');
    expect(await accessibilityFaults(chat)).toEqual([]);
    expect(await chat.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await message.fill(messages[0]?.content ?? '');
    await message.press('Enter');
    await chat.getByText('This conversation:').waitFor();
    await note.waitFor();

    // By the person, not by their key: the chat's requests have none.
    const own = await accessToken(member.session, 'billing');
    const row = await eventually(async () => (await usageOf(own)).find(({ apiKeyId }) => apiKeyId === null), 40_000);
    await eventually(() =>
      withDatabase('cloudfreedom_tenant_demo', async (pool) => {
        const { rows } = await pool.query('SELECT 1 FROM proxy.contents WHERE reservation_id = $1', [
          row.reservationId,
        ]);
        return rows[0];
      }),
    );
    await page.goto(portal(`usage?request=${row.reservationId}`));
    const panel = page.getByRole('dialog', { name: 'Request' });
    await panel.getByText('Your look is written in the audit log, with your name.').waitFor();
    expect(await panel.getByText(CANARY).count()).toBe(0);
    await panel.getByRole('button', { name: 'Show content' }).click();
    await panel.getByRole('region', { name: 'Request' }).getByText(CANARY).waitFor();
    await panel
      .getByRole('region', { name: 'Answer' })
      .getByText(/Simulated/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'content-log-usage');
    await page.goto(portal('audit?kind=contents'));
    await page.getByText('Content of a request looked at').first().waitFor(PATIENCE);
    await page.getByText('Written Person').first().waitFor();

    await withDatabase('cloudfreedom_tenant_demo', (pool) =>
      pool.query('UPDATE proxy.contents SET created_at = created_at - make_interval(days => 30)'),
    );
    await page.goto(portal(`usage?request=${row.reservationId}`));
    await panel.getByRole('button', { name: 'Show content' }).click();
    await panel.getByText('Nothing is kept of this request', { exact: false }).waitFor();

    await page.goto(portal('content-log'));
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('dialog', { name: 'Switch off?' }).getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Off: requests and answers are not kept').waitFor();
    await note.waitFor({ state: 'detached', ...PATIENCE });
    expect([...complaints.filter((text) => !text.includes('404')), ...ofChat]).toEqual([]);
  });

  test("another tenant's admins, the operator's too, neither switch it on nor read", async () => {
    const client = await superuser();
    const other = await client.collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    const operator = await newPerson({ tenant: other.id, role: 'platform_admin', product: '' });
    const { page } = await visit(portal('content-log'));
    await signIn(page, operator);
    await page.getByText(/^Only admins of .* switch it on and read what is kept\.$/).waitFor();
    expect(await page.getByRole('button', { name: 'Switch on' }).count()).toBe(0);
    await expect(accessToken(operator.session, audienceOf.proxy(stack.tenant.id))).rejects.toThrow();
  });
});
