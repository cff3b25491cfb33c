/** The portal's dashboard in a real browser against the running stack. */
import { audienceOf, type TenantBudgets, tenantBudgets, usageTotals } from '@cloudfreedom/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, eventually, newPerson, openaiWith, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const LIVE_LIMIT_MS = 30_000;

async function ask(person: Person, model = 'gpt-5.4-mini'): Promise<void> {
  await person.openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
}

async function billingOf(admin: Person) {
  const token = await accessToken(admin.session, 'billing');
  const base = `${stack.urls.billing}/v1/tenants/${stack.tenant.id}`;
  const get = async (path: string) =>
    (await fetch(`${base}/${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(new Date());
  return {
    budgets: async (): Promise<TenantBudgets> => tenantBudgets.parse(await get('budgets?people=')),
    today: async () => usageTotals.parse(await get(`usage/totals?from=${day}`)).items[0],
    month: async () => usageTotals.parse(await get(`usage/totals?from=${day.slice(0, 7)}-01`)).items[0],
  };
}

/** The exact amount behind what a tile shows. */
const tile = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const amountIn = (page: Page, name: string) => tile(page, name).locator('data').getAttribute('value');

describe.skipIf(!executablePath)(`the portal's overview${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test("its numbers are billing's to the cent, follow a request made elsewhere, and open the rows behind them", async () => {
    const person = await newPerson({ name: 'Olga Overview', cost_centre: '4711 Overview' });
    await ask(person);
    const admin = await newPerson({ role: 'tenant_admin' });
    const billing = await billingOf(admin);
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, admin);
    await page.getByRole('heading', { name: 'Charged by day' }).waitFor();
    const shown = async () => {
      const today = await billing.today();
      return (await amountIn(page, 'Charged today')) === today?.charge ? today : undefined;
    };
    const before = await eventually(shown, LIVE_LIMIT_MS);
    const { tenant } = await billing.budgets();
    await page.getByTitle(`€${tenant.spent}`, { exact: true }).first().waitFor();
    const month = await billing.month();
    const requests = new Intl.NumberFormat('en-GB').format(month?.requests ?? -1);
    await tile(page, 'Requests this month').getByText(requests, { exact: true }).waitFor();
    const outlook = page.locator('dl', { hasText: 'Forecast for the month’s end' });
    await outlook.getByText(/^(Each day that is left is expected to cost|There will be one once)/).waitFor();
    await outlook.getByText(/in the same days of|The month has only begun|Until yesterday/).waitFor();
    for (const name of ['Active people', 'Answers broken off'])
      await tile(page, name).getByText(/^\d/).first().waitFor();
    await tile(page, 'Time to first token')
      .getByText(/^(median|no streamed answer)/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const latest = page.getByRole('listitem').filter({ hasText: 'Olga Overview' });
    const rows = await latest.count();
    const askedAt = Date.now();
    await ask(person, 'claude-haiku-4-5');
    const answeredMs = Date.now() - askedAt;
    await eventually(
      async () => ((await amountIn(page, 'Charged today')) === before.charge ? undefined : true),
      LIVE_LIMIT_MS,
    );
    const shownMs = Date.now() - askedAt - answeredMs;
    await eventually(async () => ((await latest.count()) > rows ? true : undefined), LIVE_LIMIT_MS);
    const listedMs = Date.now() - askedAt - answeredMs;
    process.stdout.write(`live: the figure after ${shownMs} ms, the row after ${listedMs} ms\n`);
    expect((await eventually(shown, LIVE_LIMIT_MS)).requests).toBe(before.requests + 1);

    const spent = page.getByRole('link').filter({ has: page.getByTitle(`€${(await billing.budgets()).tenant.spent}`) });
    expect(await spent.first().getAttribute('href')).toMatch(/\/usage\?from=.*&to=/);
    await tile(page, 'Charged today').getByRole('link').click();
    await page.getByRole('heading', { name: 'Usage', exact: true }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')).toBeGreaterThan(0);
    await page.getByText('Olga Overview').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('a chart is walked by keyboard and read as a table; a part of the breakdown opens its rows', async () => {
    const person = await newPerson({ name: 'Karl Kosten', cost_centre: '4712 Chart' });
    await ask(person);
    const { page, complaints } = await visit(`${stack.urls.admin}`, {
      locale: 'de-DE',
      width: 390,
      colorScheme: 'dark',
    });
    await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
    const chart = page.getByRole('region', { name: /^Beträge nach Tagen/ });
    const picture = chart.getByRole('application');
    await picture.focus();
    await page.keyboard.press('ArrowRight');
    await chart.getByText('Summe').or(chart.locator('.cf-chart-card')).first().waitFor();
    await chart.getByRole('button', { name: 'Als Tabelle zeigen' }).click();
    await chart.getByRole('columnheader', { name: 'Tag' }).waitFor();
    expect(await chart.getByRole('row').count()).toBeGreaterThan(27);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('link', { name: 'Kostenstelle' }).click();
    await page.getByRole('link', { name: '4712 Chart' }).click();
    await page.waitForURL(/usage\?.*costCentre=4712\+Chart/);
    await page.getByText('Karl Kosten').first().waitFor();

    // Also what has none of it: asked with the session, without a key.
    const token = await accessToken(person.session, audienceOf.proxy(stack.tenant.id));
    await ask({ ...person, openai: openaiWith(token) });
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/overview?by=apiKey`);
    await page.getByRole('link', { name: 'Ohne API-Schlüssel (Chat)' }).click();
    await page.waitForURL(/usage\?.*without=apiKey/);
    await page.getByRole('button', { name: /^Filter entfernen, Was fehlt/ }).waitFor();
    await page.getByText('Karl Kosten').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('a tenant admin sees the own tenant only', async () => {
    const admin = await newPerson({ role: 'tenant_admin' });
    const totals = await fetch(`${stack.urls.billing}/v1/tenant-totals`, {
      headers: { authorization: `Bearer ${await accessToken(admin.session, 'billing')}` },
    });
    expect(totals.status).toBe(403);
    const { page } = await visit(stack.urls.admin);
    await signIn(page, admin);
    await page.getByRole('link', { name: 'Person', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Tenant', exact: true }).count()).toBe(0);
    const client = await superuser();
    const other = await client.collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    await page.goto(`${stack.urls.admin}/tenants/${other.id}/overview?by=tenant`);
    await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
    expect(await page.getByText('Charged by day').count()).toBe(0);
  });

  test('a platform admin sees what each tenant spent', async () => {
    await ask(await newPerson());
    const { page } = await visit(stack.urls.admin);
    await signIn(page, await newPerson({ role: 'platform_admin' }));
    await page.getByRole('link', { name: 'Tenant', exact: true }).click();
    await page.getByRole('link', { name: 'Demo GmbH' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
