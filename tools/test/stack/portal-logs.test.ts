/** Who spent what and why somebody was blocked: the portal's logs in a real browser against the running stack. */
import { readFileSync } from 'node:fs';
import { failurePage, loggedUsagePage, usageDetail, usageSum } from '@cloudfreedom/contracts';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, eventually, newPerson, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const ASK = [{ role: 'user' as const, content: 'What is a budget? [[simulate length=20]]' }];
const usageOf = (tenantId: string) => `${stack.urls.admin}/tenants/${tenantId}/usage`;
/** Of a machine that is busy with other things. */
const PATIENCE = { timeout: 40_000 };
const rowsOf = (page: Page) => page.getByRole('table', { name: 'Usage, newest first' }).locator('tbody .portal-row');

/** Signed in, at the address. */
async function open(url: string, who: Person, options: Parameters<typeof visit>[1] = {}) {
  const visited = await visit(url, options);
  visited.page.setDefaultTimeout(PATIENCE.timeout);
  await signIn(visited.page, who);
  return visited;
}

let person: Person;
let blocked: Person;
let admin: Person;
let token: string;

async function billing(path: string, bearer = token): Promise<{ status: number; body: unknown }> {
  const url = `${stack.urls.billing}/v1/tenants/${path}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.status, body: await response.json() };
}

describe.skipIf(!executablePath)(`the portal's logs${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
    const name = 'Logged Person';
    [person, blocked, admin] = await Promise.all([
      newPerson({ name, cost_centre: '4711' }),
      newPerson({ name: 'Blocked Person', budget_override_eur: '0.000001' }),
      newPerson({ role: 'tenant_admin' }),
    ]);
    token = await accessToken(admin.session, 'billing');
    for (const model of ['gpt-5.4-mini', 'claude-sonnet-5', 'claude-sonnet-5'])
      await person.openai.chat.completions.create({ model, messages: ASK });
    const refused = blocked.openai.chat.completions.create({ model: 'gpt-5.4-mini', messages: ASK });
    await expect(refused).rejects.toMatchObject({ code: 'insufficient_quota' });
  });
  afterAll(closeBrowser);

  test('filters stand in the address and survive a reload; sum and CSV are those of the rows', async () => {
    const { page, complaints } = await open(`${usageOf(stack.tenant.id)}?subjectId=${person.record.id}`, admin);
    await rowsOf(page).nth(2).waitFor();
    expect(await rowsOf(page).count()).toBe(3);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByLabel('Filter by').selectOption('model');
    await page.getByLabel('Value', { exact: true }).selectOption('claude-sonnet-5');
    await page.getByRole('button', { name: /^Remove the filter Model/ }).waitFor();
    await expect.poll(() => rowsOf(page).count(), PATIENCE).toBe(2);
    await page.getByLabel('Period').selectOption('today');
    await page.waitForURL(/from=/);
    await page.reload();
    await expect.poll(() => rowsOf(page).count(), PATIENCE).toBe(2);
    await page.getByText('Logged Person').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const query = new URL(page.url()).searchParams;
    const { body } = await billing(`${stack.tenant.id}/usage?${query}`);
    const { items } = loggedUsagePage.parse(body);
    const sum = usageSum.parse((await billing(`${stack.tenant.id}/usage/sum?${query}`)).body);
    expect(sum.requests).toBe(2);
    await page.getByText('2 requests ·').waitFor();
    const held: Route[] = [];
    await page.route('**/usage.csv?**', (route) => void held.push(route));
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    await page.getByRole('progressbar', { name: 'CSV' }).waitFor();
    await page.getByText('0 of 2 rows').waitFor();
    await page.getByRole('button', { name: 'Cancel the download' }).click();
    await page.getByRole('progressbar', { name: 'CSV' }).waitFor({ state: 'detached' });
    await page.unroute('**/usage.csv?**');
    expect(held).toHaveLength(1);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    const file = await (await downloading).path();
    await page.getByText('2 rows saved.').waitFor();
    const [head = '', ...lines] = readFileSync(file, 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n');
    const columnOf = (name: string) => lines.map((line) => line.split(',')[head.split(',').indexOf(name)]);
    expect(columnOf('request_id')).toEqual(items.map(({ requestId }) => requestId));
    expect(columnOf('charge_eur')).toEqual(items.map(({ charge }) => charge));
    expect(columnOf('cost_centre')).toEqual(['4711', '4711']);
    expect(complaints).toEqual([]);
  });

  test('a request shows how its charge adds up to the nano-euro, its timings and attempts; other columns are chosen', async () => {
    const { page, complaints } = await open(`${usageOf(stack.tenant.id)}?subjectId=${person.record.id}`, admin);
    await rowsOf(page).first().click();
    const panel = page.getByRole('dialog', { name: 'Request' });
    const table = panel.getByRole('table', { name: 'How the charge comes about' });
    await table.waitFor();
    const reservationId = new URL(page.url()).searchParams.get('request');
    const detail = usageDetail.parse((await billing(`${stack.tenant.id}/usage/${reservationId}`)).body);
    const { calculation } = detail;
    if (!calculation) throw new Error('no calculation');
    const PLACES = 40;
    const exact = (text: string) => {
      const [whole = '', fraction = ''] = text.replaceAll(',', '').split('.');
      return BigInt(whole + fraction.padEnd(PLACES, '0'));
    };
    const shown = await table.locator('tbody').first().locator('tr td:last-child').allTextContents();
    const shownSum = shown.reduce((sum, usd) => sum + exact(usd), 0n);
    expect(shownSum).toBe(exact(calculation.usd));
    const nano = 10n ** BigInt(PLACES - 9);
    const charge = (exact(calculation.eurWithMarkup) + nano - 1n) / nano;
    expect(charge * nano).toBe(exact(detail.charge));
    await table.getByText(detail.charge.replace(/0+$/, ''), { exact: false }).last().waitFor();
    expect(detail.waitedMs).not.toBeNull();
    await panel.getByText('Waiting', { exact: true }).waitFor();
    await panel.getByText(/: answered$/).waitFor();
    await panel.getByRole('button', { name: new RegExp(detail.requestId) }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Cost centre' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Cost centre' }).waitFor();
    await page.getByRole('cell', { name: '4711' }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('of a thousand rows that are loaded only those on the screen are drawn', async () => {
    const { page } = await visit(`${usageOf(stack.tenant.id)}?subjectId=${person.record.id}`);
    page.setDefaultTimeout(PATIENCE.timeout);
    const MANY = 1_000;
    await page.route(/\/v1\/tenants\/\w+\/usage\?/, async (route) => {
      const { items, ...rest } = loggedUsagePage.parse(await (await route.fetch()).json());
      const copies = Array.from({ length: MANY }, (_, index) => ({
        ...(items[index % items.length] as (typeof items)[number]),
        reservationId: crypto.randomUUID(),
        requestId: `copy-${index}`,
      }));
      await route.fulfill({
        json: { ...rest, items: copies, nextCursor: null },
        headers: { 'access-control-allow-origin': '*' },
      });
    });
    await signIn(page, admin);
    await rowsOf(page).nth(20).waitFor();
    expect(await rowsOf(page).count()).toBeLessThan(100);
    const scroller = page.locator('.usage-scroll');
    await expect
      .poll(async () => {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return rowsOf(page).last().getAttribute('aria-rowindex');
      }, PATIENCE)
      .toBe(String(MANY + 1));
    expect(await rowsOf(page).count()).toBeLessThan(100);
  });

  test('why somebody was blocked: from their usage to the reason with the figures', async () => {
    const query = `subjectId=${blocked.record.id}`;
    await eventually(async () => {
      const { items } = failurePage.parse((await billing(`${stack.tenant.id}/failures?${query}`)).body);
      return items.length > 0 ? items : undefined;
    });
    const { page, complaints } = await open(`${usageOf(stack.tenant.id)}?${query}`, admin);
    await page.getByText('1 request got no answer.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'See why' }).click();
    await page.getByRole('link', { name: 'Show these: Budget spent' }).waitFor();
    await page.getByText(/In the way: the person’s budget\. Limit €0\.000001, spent €0\.00/).waitFor();
    await page.getByRole('link', { name: 'Blocked Person' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Show these: Budget spent' }).click();
    await page.waitForURL(/code=insufficient_quota/);
    await page.getByRole('button', { name: 'Remove the filter Reason: Budget spent' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('in German, dark, on a phone: nothing untranslated or cut off, axe clean', async () => {
    const german = await newPerson({ role: 'tenant_admin', locale: 'de' });
    const options = { locale: 'de-DE', width: 390, colorScheme: 'dark' } as const;
    const { page, complaints } = await open(
      `${usageOf(stack.tenant.id)}?subjectId=${person.record.id}`,
      german,
      options,
    );
    await page.getByRole('list', { name: 'Nutzung, neueste zuerst' }).waitFor();
    await page.getByText('Logged Person').first().waitFor();
    const fits = 'document.documentElement.scrollWidth <= window.innerWidth';
    expect(await page.evaluate(fits)).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(`${usageOf(stack.tenant.id)}/errors?subjectId=${blocked.record.id}`);
    await page.getByText(/Im Weg stand das Budget der Person/).waitFor();
    expect(await page.evaluate(fits)).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("another tenant's rows are not to be had: by page, by link, by API", async () => {
    const client = await superuser();
    const other = await client.collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    const { items } = loggedUsagePage.parse(
      (await billing(`${stack.tenant.id}/usage?subjectId=${person.record.id}`)).body,
    );
    const stranger = await newPerson({ tenant: other.id, role: 'tenant_admin', product: '' });
    const theirs = await accessToken(stranger.session, 'billing');
    const own = `${stack.tenant.id}/usage`;
    for (const path of ['', '.csv', '/sum', '/totals', `/${items[0]?.reservationId}`])
      expect((await billing(own + path, theirs)).status, path).toBe(403);
    for (const path of ['failures', 'failures/groups'])
      expect((await billing(`${stack.tenant.id}/${path}`, theirs)).status, path).toBe(403);
    expect((await billing(`${other.id}/usage/${items[0]?.reservationId}`, theirs)).status).toBe(404);
    expect((await billing(`${other.id}/usage?subjectId=${person.record.id}`, theirs)).body).toMatchObject({
      items: [],
    });
    const { page } = await open(usageOf(other.id), stranger);
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    const link = `${usageOf(other.id)}?request=${items[0]?.reservationId}&subjectId=${person.record.id}`;
    await page.goto(link);
    await page.getByText('This request is not among the charged ones of this tenant.').waitFor();
    expect(await page.getByText('Logged Person').count()).toBe(0);
    await page.goto(`${usageOf(stack.tenant.id)}?request=${items[0]?.reservationId}`);
    await page.waitForLoadState('networkidle');
    expect(await page.getByText('Logged Person').count()).toBe(0);
    expect(await page.getByText(`${items[0]?.requestId}`).count()).toBe(0);
  });
});
