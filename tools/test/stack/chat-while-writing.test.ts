/** While an answer is being written, in a real browser: the budget's bar moves, and nobody's place in the text is taken. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack } from './people.ts';
import { closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

// Several pages on a loaded machine.
const LONG_MS = 120_000;
const WAIT = { timeout: 20_000 };

describe.skipIf(!executablePath)(`while an answer is written${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'the held part of the budget shows while the answer comes, and turns into spent; who reads above stays there',
    async () => {
      const person = await newPerson({ budget_override_eur: '0.50' });
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      const message = page.getByRole('textbox', { name: 'Your message' });
      const bar = page.getByRole('banner').getByRole('meter', { name: 'Your budget this month' });
      await bar.waitFor();
      const before = await bar.getAttribute('aria-valuetext');
      const widthOf = async (part: 'spent' | 'held') =>
        Number.parseFloat((await bar.locator(`.cf-budget-${part}`).getAttribute('style'))?.replace('width:', '') ?? '');
      expect([await widthOf('spent'), await widthOf('held')]).toEqual([0, 0]);
      await page.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
      await message.fill('A long answer first [[simulate length=1500 tokens_per_second=3000]]');
      await message.press('Enter');
      const answers = page.getByRole('article', { name: /^Answer/ });
      await answers.first().getByText('Charge').waitFor();
      await expect.poll(() => widthOf('held'), WAIT).toBe(0);
      const afterFirst = await bar.getAttribute('aria-valuetext');
      expect(afterFirst).not.toBe(before);

      await message.fill('And a slow one [[simulate length=6000 tokens_per_second=60]]');
      await message.press('Enter');
      const growing = answers.nth(1);
      const lengthOf = async () => (await growing.textContent())?.length ?? 0;
      await expect.poll(lengthOf, WAIT).toBeGreaterThan(100);
      await expect.poll(() => widthOf('held'), WAIT).toBeGreaterThan(0);
      expect(await bar.getAttribute('aria-valuetext')).not.toBe(afterFirst);
      const spentBefore = await widthOf('spent');

      const thread = page.getByRole('region', { name: 'Messages' });
      const toLatest = page.getByRole('button', { name: 'To the latest message' });
      await thread.hover();
      await page.mouse.wheel(0, -100_000);
      const topOf = () => thread.evaluate((element) => (element as unknown as { scrollTop: number }).scrollTop);
      await expect.poll(topOf, WAIT).toBe(0);
      const place = await answers.first().boundingBox();
      const grown = (await lengthOf()) + 800;
      await expect.poll(lengthOf, WAIT).toBeGreaterThan(grown);
      expect(await topOf()).toBe(0);
      expect(await answers.first().boundingBox()).toEqual(place);

      await toLatest.click();
      const belowPx = () =>
        thread.evaluate((element) => {
          const it = element as unknown as { scrollHeight: number; scrollTop: number; clientHeight: number };
          return it.scrollHeight - it.scrollTop - it.clientHeight;
        });
      await expect.poll(belowPx, WAIT).toBeLessThan(60);
      const further = (await lengthOf()) + 800;
      await expect.poll(lengthOf, WAIT).toBeGreaterThan(further);
      // Led along until they scroll back.
      await expect.poll(belowPx, WAIT).toBeLessThan(60);
      await page.mouse.wheel(0, -500);
      await toLatest.waitFor();
      const left = await topOf();
      const longer = (await lengthOf()) + 400;
      await expect.poll(lengthOf, WAIT).toBeGreaterThan(longer);
      expect(await topOf()).toBe(left);

      await page.getByRole('button', { name: 'Stop' }).click();
      await growing.getByText('You stopped the answer.').waitFor();
      await expect.poll(() => widthOf('held'), WAIT).toBe(0);
      expect(await widthOf('spent')).toBeGreaterThan(spentBefore);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});
