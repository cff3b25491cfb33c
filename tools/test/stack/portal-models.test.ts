/** Models in the portal, in a real browser against the running stack: what they cost, how they stand, one tested, one added. */
import { audienceOf } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, newPerson, stack, superuser, usageOf } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

describe.skipIf(!executablePath)(`the portal's models${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test('a tenant admin sees how they stand and what they cost, and tests one with one click', async () => {
    const admin = await newPerson({ role: 'tenant_admin' });
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, admin);
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    const row = page.getByRole('row', { name: /GPT-5\.4 mini/ });
    await row.getByText('Simulated').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByText('your own budget pays').waitFor();
    await row.getByRole('button', { name: 'Test gpt-5.4-mini' }).click();
    await row.getByText(/^Answered in .*€/).waitFor();
    const token = await accessToken(admin.session, audienceOf.billing);
    expect(await usageOf(token)).toMatchObject([{ model: 'gpt-5.4-mini', deployment: 'gpt-5.4-mini' }]);

    await page.getByRole('searchbox', { name: 'Search models' }).fill('mini gpt-5.4');
    await page.waitForURL(/\?q=mini/);
    await row.getByRole('button', { name: 'GPT-5.4 mini' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('table', { name: 'Standard' }).getByText('Output', { exact: true }).waitFor();
    await panel.getByText(/mark-up of 0 %/).waitFor();
    expect(await panel.getByLabel('Address').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'New model' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  describe('a platform admin', () => {
    const name = `own-${Date.now()}`;
    let visited: Awaited<ReturnType<typeof visit>>;
    beforeAll(async () => {
      visited = await visit(stack.urls.admin);
      await signIn(visited.page, await newPerson({ role: 'platform_admin' }));
    });
    const recordsOf = async () => {
      const admin = await superuser();
      const filter = admin.filter('name = {:name}', { name });
      return { admin, records: await admin.collection('models').getFullList({ filter, sort: 'priority' }) };
    };

    test('adds a server of one’s own with its price; each field says what is wrong, and what was typed stays', async () => {
      const { page } = visited;
      await page.getByRole('link', { name: 'Models', exact: true }).click();
      await page.getByRole('button', { name: 'New model' }).click();
      const panel = page.getByRole('dialog', { name: 'New model' });
      await panel.getByLabel('Name', { exact: true }).fill(name);
      await panel.getByLabel('Tokens in and out together, at most').fill('8000');
      await panel.getByLabel('Tokens per answer, at most').fill('1000');
      await panel.getByLabel('Input', { exact: true }).fill('0,15');
      await panel.getByRole('button', { name: 'Create deployment' }).click();
      await panel.getByText('Input and output need a price; 0 is one.').waitFor();
      await panel.getByText('This must not be empty.').waitFor();
      await panel.getByLabel('Address', { exact: true }).fill('ftp://no');
      await panel.getByLabel('Output', { exact: true }).fill('0.6');
      await panel.getByRole('button', { name: 'Create deployment' }).click();
      await panel.getByText(/Write an http\(s\) address/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await panel.getByLabel('Address', { exact: true }).fill('https://host.example/v1');
      await panel.getByRole('button', { name: 'Create deployment' }).click();
      const opened = page.getByRole('dialog', { name });
      await opened.getByRole('table', { name: 'Standard' }).getByText('€0.13').first().waitFor();
      expect((await recordsOf()).records).toMatchObject([
        { deployment: name, own_prices: { uncached_input: '0.15', output_text: '0.6' }, enabled: true },
      ]);
    });

    test('adds a second deployment of it and switches it off', async () => {
      const { page, complaints } = visited;
      await page.getByRole('button', { name: 'Add a further deployment' }).click();
      const further = page.getByRole('dialog', { name: `Further deployment of ${name}` });
      await further.getByLabel('Deployment', { exact: true }).fill(`${name}-second`);
      expect(await further.getByLabel('Name', { exact: true }).isDisabled()).toBe(true);
      await further.getByLabel('Address', { exact: true }).fill('https://second.example/v1');
      await further.getByLabel('Priority').fill('1');
      await further.getByLabel('Tokens in and out together, at most').fill('8000');
      await further.getByLabel('Tokens per answer, at most').fill('1000');
      await further.getByRole('button', { name: 'Create deployment' }).click();
      await page.getByRole('button', { name: 'Disable' }).click();
      const question = page.getByRole('dialog', { name: `Disable ${name}-second?` });
      await question.getByRole('button', { name: 'Disable' }).click();
      await page.getByText('It answers nothing until it is enabled.').waitFor();
      const { admin, records } = await recordsOf();
      expect(records).toMatchObject([
        { deployment: name, enabled: true },
        { deployment: `${name}-second`, priority: 1, enabled: false },
      ]);
      // The browser tells of the address that PocketBase refused.
      expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
      for (const { id } of records) await admin.collection('models').delete(id);
    });
  });

  test('on a phone, in German and dark, the same is readable', async () => {
    const { page, complaints } = await visit(stack.urls.admin, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
    await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
    await page.getByRole('heading', { name: 'Überblick' }).waitFor();
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/models?q=sonnet`);
    await page.getByRole('button', { name: 'Claude Sonnet 5' }).first().waitFor();
    await page.getByText('Simuliert').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
