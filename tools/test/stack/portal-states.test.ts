/** Every page of the portal while it loads, when that fails, and of a tenant that has nothing yet, in a real browser. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const PATIENT_MS = 400_000;
const PATIENCE = { timeout: 45_000 };
const PAGES = [
  ['overview', 'No requests yet. They appear here as soon as somebody writes to a model.'],
  ['usage', 'No usage yet'],
  ['usage/errors', 'No errors'],
  ['people', 'No people yet'],
  ['requests', 'Nobody waits for more'],
  ['keys', 'No API keys yet'],
  ['audit', 'Tenant created: '],
  ['products', 'Starter'],
  ['models', 'Not known'],
  ['prices', '1 US dollar is'],
  ['tenants', 'Demo GmbH'],
] as const;
/** What the frame of every page needs: who is signed in, and which tenant is on show. */
const OF_FRAME = /auth-refresh|\/tenants\/records\/\w+$|\/oauth\//;

type Mood = 'hold' | 'fail' | 'answer';

/** The services of a page, as the test wants them: silent, failing, or as they are. */
async function holdServices(page: Page): Promise<(mood: Mood) => Promise<void>> {
  let now: Mood = 'answer';
  let held: Route[] = [];
  const fail = (route: Route) =>
    route
      .fulfill({
        status: 400,
        headers: { 'access-control-allow-origin': '*' },
        json: { error: { message: 'planned', type: 'invalid_request_error', code: null, param: null } },
      })
      // The page may have given up asking.
      .catch(() => undefined);
  const services = [stack.urls.pocketbase, stack.urls.billing];
  await page.route(
    (url) => services.some((service) => url.href.startsWith(service)) && !OF_FRAME.test(url.pathname),
    (route) => {
      if (now === 'answer') return route.continue();
      if (now === 'fail') return fail(route);
      held.push(route);
    },
  );
  return async (mood) => {
    now = mood;
    if (mood === 'hold') return;
    const waiting = held;
    held = [];
    await Promise.all(
      waiting.map((route) => (mood === 'fail' ? fail(route) : route.continue().catch(() => undefined))),
    );
  };
}

describe.skipIf(!executablePath)(`the states of the portal's pages${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test(
    'each has its shape while it loads, says what could not be loaded and loads it at a press, and says what is not there yet',
    async () => {
      const client = await superuser();
      const name = `Empty ${Date.now()}`;
      const [type, status, time_zone] = ['dev', 'active', 'Europe/Berlin'];
      const fields = { name, slug: `empty-${Date.now()}`, type, status, time_zone, locale: 'en', markup_percent: '0' };
      const { id } = await client.collection('tenants').create(fields);
      const { page } = await visit(`${stack.urls.admin}/tenants/${id}/overview`);
      const crashes: string[] = [];
      page.on('pageerror', (error) => crashes.push(error.message));
      page.setDefaultTimeout(PATIENCE.timeout);
      await signIn(page, await newPerson({ role: 'platform_admin' }));
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const services = await holdServices(page);
      const main = page.locator('main');
      for (const [path, words] of PAGES) {
        await services('hold');
        await page.goto(`${stack.urls.admin}/tenants/${id}/${path}`);
        await main.locator('h1').waitFor();
        await main.locator('[aria-busy="true"]').or(main.locator('.mantine-Skeleton-root')).first().waitFor();
        await services('fail');
        const again = main.getByRole('alert').getByRole('button', { name: 'Try again' });
        await again.first().waitFor();
        await services('answer');
        await expect
          .poll(async () => {
            if ((await again.count()) > 0) await again.first().click();
            return again.count();
          }, PATIENCE)
          .toBe(0);
        await main.getByText(words).first().waitFor();
        expect([path, await accessibilityFaults(page)]).toEqual([path, []]);
      }
      expect(crashes).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'a page whose program could not be fetched says so beside the navigation, and comes at a press',
    async () => {
      const { page } = await visit(`${stack.urls.admin}/tenants/${stack.tenant.id}/overview`);
      page.setDefaultTimeout(PATIENCE.timeout);
      // Before somebody is signed in: from then on pages are fetched ahead.
      const program = '**/assets/audit-page-*.js';
      await page.route(program, (route) => route.abort());
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await page.getByRole('link', { name: 'Audit log', exact: true }).click();
      await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
      await page.getByText('The service can’t be reached.', { exact: false }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('link', { name: 'API keys', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
      await page.getByRole('link', { name: 'Audit log', exact: true }).click();
      await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
      await page.unroute(program);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    },
    PATIENT_MS,
  );

  test(
    'only the texts of one language are fetched; another that can not be fetched leaves the page as it is',
    async () => {
      const { page } = await visit(`${stack.urls.admin}/tenants/${stack.tenant.id}/keys`);
      page.setDefaultTimeout(PATIENCE.timeout);
      const asked: string[] = [];
      page.on('request', (request) => {
        const [, language] = /\/texts-(de|en)-/.exec(request.url()) ?? [];
        if (language) asked.push(language);
      });
      const keys = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
      await page.reload();
      await page.getByLabel('E-mail').waitFor();
      expect(asked).toEqual(['en']);
      await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
      await keys('API-Schlüssel');
      expect(asked).toEqual(['en', 'de']);
      // The browser speaks English; who is signed in is known before anything is shown.
      await page.reload();
      await keys('API-Schlüssel');
      expect(asked).toEqual(['en', 'de', 'de']);
      const texts = '**/assets/texts-en-*.js';
      await page.route(texts, (route) => route.abort());
      await page.getByRole('button', { name: /Konto und Darstellung/ }).click();
      await page.getByRole('menuitem', { name: 'English' }).click();
      await expect.poll(() => asked.filter((language) => language === 'en').length, PATIENCE).toBeGreaterThan(2);
      await keys('API-Schlüssel');
      await page.unroute(texts);
      await keys('API keys');
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    },
    PATIENT_MS,
  );
});
