/** Prices, provider keys and proxies in the portal, in a real browser against the running stack. */
import { audienceOf, reRatings } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { accessToken, eventually, newPerson, type Person, stack, superuser, usageOf } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const STARTED_AT = Date.now();
/** A page of many rows on a machine that does much else. */
const PATIENCE_MS = 60_000;

/** As a `datetime-local` field takes it. */
function localTime(atMs: number): string {
  return new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000).toISOString().slice(0, 23);
}

/** A model on a server of one's own, whose key has this name, as soon as the proxy knows it. @returns what removes it */
async function addOwnModel(keyName: string, person: Person): Promise<() => Promise<unknown>> {
  const models = (await superuser()).collection('models');
  const { id } = await models.create({
    ...{ name: keyName, display_name: keyName, provider: 'custom', upstream_model: 'any', kind: 'chat', region: 'eu' },
    ...{ base_url: inject('modelServer'), key_name: keyName, context_tokens: 8_000, output_tokens_max: 1_000 },
    ...{ reasoning: 'none', own_prices: { uncached_input: '1', output_text: '1' }, enabled: true },
  });
  await eventually(async () => (await person.openai.models.list()).data.find((model) => model.id === keyName), 60_000);
  return () => models.delete(id);
}

async function bill(person: Person, path: string, body?: object): Promise<Response> {
  const token = await accessToken(person.session, audienceOf.billing);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${stack.urls.billing}${path}`, {
    headers,
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
}

describe.skipIf(!executablePath)(`the portal's prices and keys${why}`, () => {
  let platform: Person;
  let visited: Awaited<ReturnType<typeof visit>>;
  beforeAll(async () => {
    await openBrowser();
    platform = await newPerson({ role: 'platform_admin' });
    visited = await visit(stack.urls.admin);
    visited.page.setDefaultTimeout(PATIENCE_MS);
    await signIn(visited.page, platform);
  });
  afterAll(closeBrowser);

  const model = `priced-${STARTED_AT}`;
  test('a newer catalogue shows its differences, then counts', async () => {
    const { page } = visited;
    await page.getByRole('link', { name: 'Prices', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search models with a price' }).fill('gpt-5.4-mini');
    await page
      .getByRole('row', { name: /gpt-5\.4-mini/ })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /gpt-4o/ })
      .first()
      .waitFor({ state: 'detached' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Update from a catalogue' }).click();
    const dialog = page.getByRole('dialog', { name: 'Update from a catalogue' });
    const choose = (text: string) =>
      dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'prices.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await choose('no prices');
    await dialog.getByText(/not a price catalogue/).waitFor();
    const usdPerMillion = { uncached_input: '1.25', output_text: '10' };
    const steps = [{ serviceTier: 'standard', aboveInputTokens: 0, usdPerMillion }];
    const source = 'a list of the test';
    await choose(
      JSON.stringify({
        effectiveFrom: new Date().toISOString(),
        source,
        models: [{ provider: 'openai', model, steps }],
      }),
    );
    await dialog.getByText('1 model with other prices, 0 unchanged.').waitFor();
    await dialog.getByRole('row', { name: new RegExp(`${model}.*none.*1.25`) }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Put 1 model into effect' }).click();
    await dialog.getByText(/^Done/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  test('a price version by hand follows the one in effect; the exchange rate is set by hand', async () => {
    const { page } = visited;
    await page.getByRole('searchbox', { name: 'Search models with a price' }).fill(model);
    await page.getByRole('button', { name: model }).click();
    const panel = page.getByRole('dialog', { name: model });
    await panel.getByRole('button', { name: 'Add price version' }).click();
    await panel.getByLabel('Input from the cache').fill('0,125');
    await panel.getByRole('button', { name: 'Add price version' }).click();
    await panel.getByText('This must not be empty.').waitFor();
    await panel.getByLabel('Source').fill('by hand');
    await panel.getByRole('button', { name: 'Add price version' }).click();
    await panel.getByText('Source: by hand').waitFor();
    expect(await panel.getByRole('table').count()).toBe(2);
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Set by hand' }).click();
    const rate = page.getByRole('dialog', { name: 'Set by hand' });
    await rate.getByLabel('Euro per US dollar').fill('86');
    await rate.getByLabel('Source').fill('the test');
    await rate.getByRole('button', { name: 'Set rate' }).click();
    await rate.getByText(/Enter euro per dollar between/).waitFor();
    await rate.getByLabel('Euro per US dollar').fill('0,86');
    await rate.getByRole('button', { name: 'Set rate' }).click();
    await page.getByText('the test, as of', { exact: false }).waitFor();
  });

  test('a range is charged again: the differences by person first, then for good', async () => {
    const { page } = visited;
    const admin = await superuser();
    const name = `again-${STARTED_AT}`;
    const record = await admin.collection('models').create({
      ...{ name, display_name: name, provider: 'custom', upstream_model: name, kind: 'chat', region: 'eu' },
      ...{ base_url: 'https://host.example/v1', context_tokens: 8_000, output_tokens_max: 1_000, reasoning: 'none' },
      ...{ own_prices: { uncached_input: '1', output_text: '1' }, enabled: true },
    });
    const plan = await admin
      .collection('products')
      .create({ name, monthly_budget_eur: '5', models: [record.id], region_rule: 'any' });
    const person = await newPerson({ product: plan.id, name: 'Rita Rated' });
    const messages = [{ role: 'user' as const, content: 'Hi [[simulate length=3]]' }];
    const beforeMs = await eventually(async () => {
      const askedAtMs = Date.now();
      return person.openai.chat.completions.create({ model: name, messages }).then(
        () => askedAtMs,
        () => undefined,
      );
    });
    const [charged] = await usageOf(person.apiKey);
    const steps = [{ usdPerMillion: { uncached_input: '3', output_text: '3' } }];
    const effectiveFrom = new Date(beforeMs).toISOString();
    const version = { provider: 'custom', model: record.id, source: 'mended', effectiveFrom, steps };
    expect((await bill(platform, '/v1/prices', version)).status).toBe(200);

    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/prices`);
    await page.getByLabel('From', { exact: true }).fill(localTime(STARTED_AT - 60_000));
    await page.getByLabel('Until', { exact: true }).fill(localTime(Date.now() + 3_600_000));
    await page.getByLabel('Model', { exact: true }).fill(name);
    await page.getByLabel('Reason', { exact: true }).fill('wrong price');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('This must not lie in the future.').waitFor();
    await page.getByLabel('Until', { exact: true }).fill(localTime(Date.now()));
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText(/^1 of 1 requests would cost something else/).waitFor();
    await page.getByRole('table', { name: 'Differences by person' }).getByText('Rita Rated').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect((await usageOf(person.apiKey))[0]?.charge).toBe(charged?.charge);
    await page.getByRole('button', { name: 'Charge again' }).click();
    await page
      .getByRole('dialog', { name: 'Charge 1 request again?' })
      .getByRole('button', { name: 'Charge again' })
      .click();
    await page.getByText(/^Done\. 1 request was charged again/).waitFor();
    expect(Number((await usageOf(person.apiKey))[0]?.charge)).toBeCloseTo(3 * Number(charged?.charge), 8);
    const { items } = reRatings.parse(await (await bill(platform, `/v1/tenants/${stack.tenant.id}/re-ratings`)).json());
    expect(items[0]).toMatchObject({ model: name, changed: 1, reason: 'wrong price' });
  });

  test('a tenant shows how its proxy is; its provider keys are not to be seen from another tenant', async () => {
    const { page, complaints } = await visit(stack.urls.admin);
    page.setDefaultTimeout(PATIENCE_MS);
    const operator = await (await superuser()).collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    await signIn(page, await newPerson({ role: 'platform_admin', tenant: operator.id }));
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/provider-keys`);
    await page.getByText('Only admins of Demo GmbH enter and see the keys of its proxy.', { exact: false }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Tenants', exact: true }).click();
    await page.getByRole('button', { name: 'Demo GmbH' }).click();
    const panel = page.getByRole('dialog', { name: 'Demo GmbH' });
    await panel.getByText('Up', { exact: true }).first().waitFor();
    await panel
      .getByText(/OpenAI: simulated/)
      .first()
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a tenant admin enters a provider key, exchanges it for one that the provider takes and removes it; nobody ever sees it again', async () => {
    const { page, complaints } = await visit(stack.urls.admin);
    page.setDefaultTimeout(PATIENCE_MS);
    const keyholder = await newPerson({ role: 'tenant_admin', name: 'Kim Keyholder' });
    await signIn(page, keyholder);
    await page.getByRole('link', { name: 'Provider keys', exact: true }).click();
    await page.getByRole('button', { name: 'Enter a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Enter a key' });
    const set = `portal-${STARTED_AT}`;
    const removeModel = await addOwnModel(set, keyholder);
    await dialog.getByLabel('Provider').selectOption({ label: 'another name' });
    await dialog.getByLabel('Name of the provider key').fill(set);
    await dialog.getByLabel('Key', { exact: true }).fill('short');
    await dialog.getByRole('checkbox', { name: 'Test it first' }).uncheck();
    await dialog.getByRole('button', { name: 'Test and save' }).click();
    await dialog.getByText(/without spaces, 8 characters at least/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('Key', { exact: true }).fill('sk-entered-in-the-portal-4711');
    await dialog.getByRole('button', { name: 'Test and save' }).click();
    const row = page.getByRole('listitem').filter({ hasText: set });
    await row.getByText('sk-en…4711').waitFor();
    await row.getByText('Entered by Kim Keyholder').waitFor();
    await row.getByText('Not tested').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await row.getByRole('button', { name: `Exchange ${set}/main` }).click();
    const exchange = page.getByRole('dialog', { name: 'Exchange' });
    await exchange.getByLabel('Key', { exact: true }).fill('sk-mistyped-one-0815');
    await exchange.getByRole('button', { name: 'Test and save' }).click();
    await exchange.getByText('The provider does not take this key.', { exact: false }).waitFor();
    expect(await exchange.getByLabel('Key', { exact: true }).inputValue()).toBe('sk-mistyped-one-0815');
    await exchange.getByLabel('Key', { exact: true }).fill('sk-good-one-0815');
    await exchange.getByRole('button', { name: 'Test and save' }).click();
    await row.getByText('sk-go…0815').waitFor();
    await row.getByText('Taken by the provider').waitFor();
    await exchange.waitFor({ state: 'detached' });
    expect(await page.content()).not.toMatch(/entered-in-the-portal|mistyped-one|good-one/);
    await row.getByRole('button', { name: `Remove ${set}/main` }).click();
    await page
      .getByRole('dialog', { name: `Remove ${set}/main?` })
      .getByRole('button', { name: 'Remove' })
      .click();
    await row.waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'Prices', exact: true }).count()).toBe(0);
    // The browser tells of the key that was refused.
    expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
    await removeModel();
  });

  test('only pages of this installation may ask the proxy for its keys', async () => {
    const preflight = (origin: string) =>
      fetch(`${stack.urls.proxy}/v1/admin/provider-keys`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight(stack.urls.admin);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(stack.urls.admin);
    const foreign = await preflight('https://evil.example');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});
