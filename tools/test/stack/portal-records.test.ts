/** The portal's pages of records, in a real browser against the running stack. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgetOf, eventually, newPerson, openaiWith, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const platformAdmin = () => newPerson({ role: 'platform_admin' });

describe.skipIf(!executablePath)(`the portal's records${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test('a tenant is created, mended where the server objects, given a token, and not overwritten by a second admin', async () => {
    const { page } = await visit(stack.urls.admin);
    await signIn(page, await platformAdmin());
    await page.getByRole('link', { name: 'Tenants', exact: true }).click();
    await page.getByRole('button', { name: 'Demo GmbH' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'New tenant' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('button', { name: 'Create tenant' }).click();
    await panel.getByText('This must not be empty.').waitFor();
    const name = `Portal ${Date.now()}`;
    await panel.getByLabel('Name', { exact: true }).fill(name);
    await panel.getByLabel('Domains').fill('no domain');
    await panel.getByRole('button', { name: 'Create tenant' }).click();
    await panel.getByText(/Write host names such as/).waitFor();
    expect(await panel.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
    await panel.getByLabel('Domains').fill(`chat.p${Date.now()}.example`);
    await panel.getByRole('button', { name: 'Create tenant' }).click();
    await panel.getByText('No service token yet.').waitFor();
    await panel.getByLabel('Name of the service token').fill('Proxy');
    await panel.getByRole('button', { name: 'Create token' }).click();
    await panel.getByText(/^cfs-/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const admin = await superuser();
    const tenant = await admin.collection('tenants').getFirstListItem(admin.filter('name = {:name}', { name }));
    await admin.collection('tenants').update(tenant.id, { monthly_budget_eur: '700' });
    await panel.getByLabel('Short name').fill(`p${Date.now()}`);
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Somebody else has saved this meanwhile').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Keep what I typed' }).click();
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Saved.', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Suspend' }).click();
    const question = page.getByRole('dialog', { name: `Suspend ${name}?` });
    await question.getByRole('button', { name: 'Suspend' }).click();
    await panel.getByText(/^This tenant is suspended/).waitFor();
    expect(await admin.collection('tenants').getOne(tenant.id)).toMatchObject({
      monthly_budget_eur: '700',
      status: 'suspended',
      slug: expect.stringMatching(/^p\d+$/),
    });
  });

  test('a product says what a change will do before it is saved; people then have it', async () => {
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, await platformAdmin());
    await page.getByRole('link', { name: 'Products', exact: true }).click();
    await page.getByRole('button', { name: 'New product' }).click();
    const panel = page.getByRole('dialog');
    const name = `Plan ${Date.now()}`;
    await panel.getByLabel('Name', { exact: true }).fill(name);
    await panel.getByLabel('Euro per month').fill('30');
    await panel.getByRole('checkbox', { name: 'GPT-5.4 mini', exact: true }).check();
    await panel.getByRole('button', { name: 'Create product' }).click();
    await panel.getByText('0 people').waitFor();
    const admin = await superuser();
    const product = await admin.collection('products').getFirstListItem(admin.filter('name = {:name}', { name }));
    const person = await newPerson({ product: product.id });
    expect((await eventually(async () => (await budgetOf(person.apiKey)) ?? undefined)).limit).toBe('30.00');

    await page.reload();
    await panel.getByText('1 person', { exact: true }).waitFor();
    await panel.getByLabel('Euro per month').fill('12,50');
    await panel
      .getByText('From the next request on, 1 person without a budget of their own has less', { exact: false })
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Saved.', { exact: true }).waitFor();
    const limit = await eventually(async () => {
      const budget = await budgetOf(person.apiKey);
      return budget.limit === '12.50' ? budget.limit : undefined;
    });
    expect(limit).toBe('12.50');
    await panel.getByRole('link', { name: 'See who it is in Demo GmbH' }).click();
    await page.getByRole('button', { name: `Remove filter Product: ${name}` }).waitFor();
    await page.getByText('1 person', { exact: true }).waitFor();
    await page.getByText(person.email).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a service account and its key are made, the key works with its own budget, and not once it is revoked', async () => {
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, await platformAdmin());
    await page.getByRole('link', { name: 'API keys', exact: true }).click();
    const products = Promise.withResolvers<void>();
    await page.route('**/api/collections/products/records*', async (route) => {
      await products.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'New service account' }).click();
    const account = `Robot ${Date.now()}`;
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(account);
    const create = page.getByRole('button', { name: 'Create service account' });
    // Whoever is quicker than the products would make an account without one, which may use no model.
    expect(await create.isDisabled()).toBe(true);
    products.resolve();
    // The first product may be another test's, with other models.
    await page.getByRole('dialog').getByLabel('Product', { exact: true }).selectOption('Starter');
    await create.click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'New API key' }).click();
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('This must not be empty.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill(`key of ${account}`);
    await dialog.getByLabel('For', { exact: true }).selectOption({ label: account });
    await dialog.getByLabel('Own budget').fill('3,50');
    await dialog.getByLabel('Requests per minute').fill('1');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const key = (await dialog.getByText(/^cf-/).textContent()) ?? '';
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const ofKey = async () => (await budgetOf(key)).levels.find(({ level }) => level === 'api_key');
    expect((await eventually(() => ofKey().catch(() => undefined)))?.limit).toBe('3.50');
    await page.getByText(`${account} (service account)`).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const row = page.getByRole('row').filter({ hasText: `key of ${account}` });
    expect(await row.textContent()).toContain('never');
    const ask = () =>
      openaiWith(key)
        .chat.completions.create({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] })
        .then(
          () => 200,
          (error: { status?: number }) => error.status,
        );
    await expect.poll(ask).toBe(200);
    await expect.poll(ask).toBe(429);
    await row.getByRole('link', { name: `key of ${account}` }).click();
    const panel = page.getByRole('dialog', { name: `key of ${account}` });
    expect(await panel.getByLabel('Requests per minute').inputValue()).toBe('1');
    await panel.getByLabel('Requests per minute').fill('some');
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText(/Enter a whole number from 0/).waitFor();
    await panel.getByLabel('Requests per minute').fill('100');
    expect(await accessibilityFaults(page)).toEqual([]);
    const admin = await superuser();
    const keys = admin.collection('api_keys');
    const { id } = await keys.getFirstListItem(admin.filter('name = {:name}', { name: `key of ${account}` }));
    await keys.update(id, { tokens_per_minute: 70_000, requests_per_minute: 2 });
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Somebody else has saved this meanwhile').waitFor();
    expect(await keys.getOne(id)).toMatchObject({ requests_per_minute: 2 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Keep what I typed' }).click();
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Saved.', { exact: true }).waitFor();
    expect(await keys.getOne(id)).toMatchObject({ tokens_per_minute: 70_000, requests_per_minute: 100 });
    await expect.poll(ask).toBe(200);
    // What opens it is in the address; the time of the last use comes with the usage.
    await expect
      .poll(async () => {
        await page.reload();
        return row.textContent();
      })
      .not.toContain('never');
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: `Revoke key of ${account}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    const refused = () =>
      budgetOf(key).then(
        () => undefined,
        () => true as const,
      );
    expect(await eventually(refused)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('a tenant admin finds no page of all tenants', async () => {
    const { page } = await visit(stack.urls.admin);
    await signIn(page, await newPerson({ role: 'tenant_admin' }));
    await page.getByRole('link', { name: 'People', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Tenants', exact: true }).count()).toBe(0);
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/tenants`);
    await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
  });
});
