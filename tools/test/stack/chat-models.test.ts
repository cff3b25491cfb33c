/** The models of the chat in plain words, in a real browser: what each is good for, can do and costs; another one goes on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

// Several pages on a loaded machine.
const LONG_MS = 120_000;

describe.skipIf(!executablePath)(`models of the chat${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'words, abilities and cents; found by what it is good for, by keyboard; another model goes on and that is shown',
    async () => {
      const person = await newPerson();
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      const message = page.getByRole('textbox', { name: 'Your message' });
      await page.getByRole('button', { name: /^Model: GPT-5.4 mini/ }).click();
      const models = page.getByRole('listbox', { name: 'Choose a model' });
      const mini = models.getByRole('option', { name: /GPT-5\.4 mini/ });
      await mini.getByText('Good for most everyday tasks, quick and cheap.').waitFor();
      await mini.getByText(/^about [\d.]+ ct$/).waitFor();
      for (const ability of ['Images', 'PDF', 'Thinks first', 'Long texts (about 390 pages)', 'English, German + 13'])
        await mini.getByText(ability, { exact: true }).waitFor();
      const cents = await models
        .getByRole('group', { name: /^Anthropic/ })
        .getByText(/ ct$/)
        .allInnerTexts();
      const numbers = cents.map((text) => Number(/[\d.]+/.exec(text)?.[0]));
      expect(numbers.length).toBeGreaterThan(3);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await message.fill('First question [[simulate length=20]]');
      await message.press('Enter');
      await page
        .getByRole('article', { name: /^Answer of GPT-5.4 mini/ })
        .getByText('Charge')
        .waitFor();

      await page.getByRole('button', { name: /^Model: / }).click();
      await page.keyboard.type('puzzles');
      await models.getByRole('option', { name: /\bo3\b/ }).waitFor();
      expect(await models.getByRole('option').count()).toBe(1);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Model: o3/ }).waitFor();
      await message.fill('Second question [[simulate length=20]]');
      await message.press('Enter');
      await page
        .getByRole('article', { name: /^Answer of o3/ })
        .getByText('Charge')
        .waitFor();
      expect(await page.getByText('From here on o3 (simulated) answers').count()).toBe(1);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'in German on a phone: the same words, found by a language',
    async () => {
      const person = await newPerson({ locale: 'de' });
      const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
      await signIn(page, person);
      await page.getByRole('button', { name: /^Modell: / }).click();
      const models = page.getByRole('listbox', { name: 'Modell wählen' });
      const mini = models.getByRole('option', { name: /GPT-5\.4 mini/ });
      await mini.getByText('Gut für die meisten alltäglichen Aufgaben, schnell und günstig.').waitFor();
      await mini.getByText(/^etwa [\d,]+ ct$/).waitFor();
      await mini.getByText('Deutsch, Englisch + 13').waitFor();
      await page.getByRole('textbox', { name: 'Modell suchen' }).fill('türkisch rätsel');
      await models.getByRole('option', { name: /\bo3\b/ }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const tooWide = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(tooWide).toBe(0);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/models-de.png` });
      await page.getByRole('textbox', { name: 'Modell suchen' }).fill('');
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/models-de-all.png` });
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});
