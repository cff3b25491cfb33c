/** The chat by its keys, in a real browser, in both languages: the overview says them, and none takes a letter from who types. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

// Several pages on a loaded machine.
const LONG_MS = 120_000;

describe.skipIf(!executablePath)(`keys of the chat${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'typed letters stay letters; outside of fields they act; the overview turns single keys off',
    async () => {
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, await newPerson());
      const message = page.getByRole('textbox', { name: 'Your message' });
      await page.getByRole('button', { name: /^Model: / }).waitFor();
      await message.click();
      await page.keyboard.type('n t m l u / ?');
      expect(await message.inputValue()).toBe('n t m l u / ?');
      await message.fill('');
      const overview = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      const outside = async () => page.getByRole('heading', { level: 1 }).click();
      await outside();
      await page.keyboard.press('?');
      await overview.getByText('To the latest message').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      // Nothing happens behind a dialog.
      await page.keyboard.press('u');
      await page.keyboard.press('Escape');
      await overview.waitFor({ state: 'detached' });
      expect(page.url()).not.toContain('/usage');
      await outside();
      await page.keyboard.press('m');
      await page.getByRole('textbox', { name: 'Search models' }).waitFor();
      await page.keyboard.type('mtn');
      expect(await page.getByRole('textbox', { name: 'Search models' }).inputValue()).toBe('mtn');
      await page.keyboard.press('Escape');
      await outside();
      await page.keyboard.press('t');
      await page.waitForURL(/\/temporary$/);
      await page.locator('main').click({ position: { x: 5, y: 300 } });
      await page.keyboard.press('u');
      await page.waitForURL(/\/usage$/);
      await page.getByRole('heading', { name: 'My usage', level: 1 }).click();
      await page.keyboard.press('n');
      await message.waitFor();
      await outside();
      await page.keyboard.press('/');
      await page.keyboard.type('hello');
      expect(await message.inputValue()).toBe('hello');

      await outside();
      await page.keyboard.press('?');
      await overview.getByLabel('Single keys').uncheck();
      await page.keyboard.press('Escape');
      await overview.waitFor({ state: 'detached' });
      await outside();
      await page.keyboard.press('u');
      await page.keyboard.press('?');
      await overview.waitFor();
      expect(page.url()).not.toContain('/usage');
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'in German',
    async () => {
      const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', colorScheme: 'dark' });
      await signIn(page, await newPerson({ locale: 'de' }));
      await page.getByRole('button', { name: /^Modell: / }).waitFor();
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('?');
      const overview = page.getByRole('dialog', { name: 'Tastenkürzel' });
      await overview.getByText('Strg').first().waitFor();
      await overview.getByText('Zur neuesten Nachricht').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/keys-de.png` });
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});
