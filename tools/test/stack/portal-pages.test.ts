/** Every page of the portal by its navigation, in a real browser: five groups, where one is, keyboard, phone, axe. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, type Person, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const PATIENT_MS = 400_000;
const PATIENCE = { timeout: 45_000 };
const base = `/tenants/${stack.tenant.id}`;

async function open(who: Person, options: Parameters<typeof visit>[1] = {}) {
  const visited = await visit(`${stack.urls.admin}${base}/overview`, options);
  visited.page.setDefaultTimeout(45_000);
  await signIn(visited.page, who);
  await visited.page.locator('#content h1').waitFor();
  return visited;
}

const nothingLoads = (page: Page) =>
  expect.poll(() => page.locator('main [aria-busy="true"], main .mantine-Skeleton-root').count(), PATIENCE);

/** What is wrong with the page at an address. Inside the app, links are quicker than addresses. */
async function faultsOf(page: Page, to: string): Promise<string[]> {
  const link = page.locator(`nav a[href="${to}"]`);
  if ((await link.count()) > 0) {
    await link.dispatchEvent('click');
    const name = await link.textContent();
    await expect.poll(() => page.title(), PATIENCE).toMatch(new RegExp(`^${name} · `));
  } else await page.goto(`${stack.urls.admin}${to}`);
  await page.locator('main h1').first().waitFor();
  await nothingLoads(page).toBe(0);
  const faults = await accessibilityFaults(page);
  const facts = (await page.evaluate(
    '[document.querySelectorAll("main h1").length, document.documentElement.scrollWidth <= innerWidth, document.title]',
  )) as [number, boolean, string];
  if (facts[0] !== 1) faults.push(`${facts[0]} headings of the first level`);
  if (!facts[1]) faults.push('wider than the screen');
  if (!facts[2].includes(' · ')) faults.push(`no title of its own: ${facts[2]}`);
  return faults.map((fault) => `${to}: ${fault}`);
}

async function pagesOf(page: Page): Promise<string[]> {
  const links = page.locator('nav a[href^="/tenants/"]');
  const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
  return [...new Set(addresses)].filter((address) => !address.includes('?'));
}

describe.skipIf(!executablePath)(`the portal's pages${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test(
    'five groups; each page is one press away, says that it is here, has one heading, is axe clean; an address opens it again',
    async () => {
      const { page, complaints } = await open(await newPerson({ role: 'platform_admin' }));
      const navigation = page.getByRole('navigation', { name: 'Pages', exact: true });
      expect(await navigation.locator(':scope > ul > li').count()).toBe(5);
      const system = navigation.getByRole('list', { name: 'System' });
      expect(await system.getByRole('link').allTextContents()).toEqual([
        'Provider keys',
        'Content log',
        'Audit log',
        'Tenants',
      ]);

      await navigation.getByRole('link', { name: 'Overview', exact: true }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
      const here = navigation.locator('[aria-current="page"]');
      expect(await here.allTextContents()).toEqual(['People']);

      const addresses = await pagesOf(page);
      expect(addresses).toHaveLength(12);
      const person = await newPerson({ name: 'Petra Pages' });
      const further = [`${base}/usage/errors`, `${base}/people/${person.record.id}`];
      const faults: string[] = [];
      for (const address of [...addresses, ...further]) faults.push(...(await faultsOf(page, address)));
      expect(faults).toEqual([]);
      expect(await here.allTextContents()).toEqual(['People']);
      await page.goto(`${stack.urls.admin}${base}/nowhere`);
      await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'on a phone, in German and dark: the menu opens by its button, closes by Escape and by a choice; every page fits',
    async () => {
      const options = { locale: 'de-DE', width: 390, colorScheme: 'dark' } as const;
      const { page, complaints } = await open(await newPerson({ role: 'platform_admin', locale: 'de' }), options);
      const menu = page.getByRole('button', { name: 'Menü' });
      const models = page.getByRole('link', { name: 'Modelle', exact: true });
      expect(await models.isVisible()).toBe(false);
      await menu.click();
      await models.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await models.waitFor({ state: 'hidden' });
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      expect(await page.evaluate('window.scrollY > 0')).toBe(true);
      await menu.click();
      await models.click();
      await page.getByRole('heading', { level: 1, name: 'Modelle' }).waitFor();
      expect(await page.evaluate('window.scrollY')).toBe(0);
      await models.waitFor({ state: 'hidden' });
      const addresses = await pagesOf(page);
      expect(addresses).toHaveLength(12);
      const person = await newPerson({ name: 'Paul Pfad' });
      const further = [`${base}/usage/errors`, `${base}/people/${person.record.id}`];
      const faults: string[] = [];
      for (const address of [...addresses, ...further]) faults.push(...(await faultsOf(page, address)));
      expect(faults).toEqual([]);
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );
});
